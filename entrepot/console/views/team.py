"""Our own people: who holds which operator role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, whole_number
from entrepot.console.words import role_words
from entrepot.parties.commands import grant_operator_role, revoke_operator_role
from entrepot.parties.queries import operator_role_names, operators_all
from entrepot.storefront.web import attempt, context_of


def _team_page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    data = {
        "team": operators_all(ctx),
        "role_names": operator_role_names(),
        "role_words": role_words,
        "why": why,
        "typed": request.POST,
    }
    return show(request, "team.jinja", data)


@desk(scope="operators:write")
def team(request: HttpRequest) -> HttpResponse:
    """Operators and their roles."""
    return _team_page(request)


@desk(scope="operators:write", methods="POST")
def team_grant(request: HttpRequest) -> HttpResponse:
    """Give a person with an account a role."""
    email, role = request.POST.get("email", ""), request.POST.get("role", "")
    return attempt(
        lambda: grant_operator_role(context_of(request), email=email, role=role),
        then="/console/team/",
        done="granted",
        again=lambda why: _team_page(request, why),
    )


@desk(scope="operators:write", methods="POST")
def team_revoke(request: HttpRequest) -> HttpResponse:
    """Take a role away; the person's sessions end."""
    user_id = whole_number(request.POST.get("user", ""), 0)
    role = request.POST.get("role", "")
    return attempt(
        lambda: revoke_operator_role(context_of(request), user_id=user_id, role=role),
        then="/console/team/",
        done="revoked",
        again=lambda why: _team_page(request, why),
    )
