"""The web adapter of every door that serves pages: request → context, refusal → page.

    @door                       a shopper, known or not
    @door(role="buyer")         somebody signed in; others are sent to sign in and come back
    @door(role="seller")        staff of a seller; `request.session["seller_id"]` says which of several shops
    @door(role="seller", scope="orders:read", writes="orders:fulfil")
                                the same, for seats that hold the scopes; others are refused (403)
    @door(role="operator")      our own people; for everyone else signed in, the page does not exist (404)

A view calls `context_of(request)`, one command or some queries, and returns `page(request, template, data)` or a
redirect. A form carries `{{ key_input }}`, which makes a repeated post give the first answer. A view that calls two
commands gives the second its own key: `with_key(ctx, "pay")`.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Literal, overload
from urllib.parse import urlencode
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth import logout
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, override

from entrepot.insight.commands import note_page
from entrepot.kit import clock
from entrepot.kit.command import busy_from
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound, Refusal, Sentence
from entrepot.kit.ids import new_id
from entrepot.markets.queries import read_locale_path
from entrepot.orders.queries import Missing, Problem
from entrepot.parties.commands import count_try
from entrepot.parties.errors import NotSignedIn, SecondFactorNeeded, TooManyTries
from entrepot.parties.queries import actor_for_user, guest, has_second_factor, seats_of_user
from entrepot.storefront.words import field_name, state_name

log = logging.getLogger(__name__)

Role = Literal["shopper", "buyer", "seller", "operator"]
View = Callable[..., HttpResponseBase]
READ = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def context_of(request: HttpRequest, *, role: Role | None = None) -> Context:
    """Who asks, now, with which scopes; made once a request. `role` defaults to the door's.

    Refuses: NotSignedIn (role needs somebody), NotFound (signed in, but not of that role).
    """
    asked: Role = role or request.__dict__.get("door_role", "shopper")
    made: dict[str, Context] = request.__dict__.setdefault("door_contexts", {})
    if asked not in made:
        made[asked] = _context(request, asked)
    return made[asked]


def _context(request: HttpRequest, role: Role) -> Context:
    user_id = request.user.pk if getattr(request, "user", None) and request.user.is_authenticated else None
    if user_id is None and role != "shopper":
        raise NotSignedIn
    if user_id is None:
        actor, scopes = guest()
    elif role == "operator":
        actor, scopes = actor_for_user(user_id, as_operator=True)
        if settings.OPERATORS_NEED_SECOND_FACTOR and not has_second_factor(user_id):
            raise SecondFactorNeeded
    elif role == "seller":
        actor, scopes = actor_for_user(user_id, as_seller=_seat_of(request, user_id))
    else:
        actor, scopes = actor_for_user(user_id)
    key = _key_of(request)
    if key and actor.kind == "guest":
        # Guests share one name in the kit; their keys are told apart by the browser's own token.
        own = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "") + (request.session.session_key or "")
        key = f"{hashlib.blake2b(own.encode(), digest_size=12).hexdigest()}:{key}"
    return Context(actor=actor, at=clock.now(), scopes=scopes, key=key, cause=f"web:{new_id()}")


def _seat_of(request: HttpRequest, user_id: int) -> UUID:
    """The shop the person chose, if it is one of theirs, else their first."""
    seats = [seat.seller_id for seat in seats_of_user(user_id)]
    chosen = request.session.get("seller_id", "")
    if not seats:
        raise NotFound(what="page")
    return next((seat for seat in seats if str(seat) == chosen), seats[0])


def _key_of(request: HttpRequest) -> str:
    if request.method in READ:
        return ""
    key = request.POST.get("_key", "")
    return key if _KEY.fullmatch(key) else ""


def with_key(ctx: Context, step: str) -> Context:
    """The same asker for the second command of one post."""
    return replace(ctx, key=f"{ctx.key}:{step}" if ctx.key else "", facts=[])


@overload
def door(view: View) -> View: ...


@overload
def door(
    *, role: Role = ..., methods: str = ..., scope: str = ..., writes: str = ...
) -> Callable[[View], View]: ...


def door(
    view: View | None = None,
    *,
    role: Role = "shopper",
    methods: str = "GET POST",
    scope: str = "",
    writes: str = "",
) -> View | Callable[[View], View]:
    """Make a view a door: check the role, turn refusals and busy rows into pages, leak nothing.

    `scope` is needed to open the page at all, `writes` for what is posted to it (the command asks again).
    """
    allowed = frozenset(methods.split()) | ({"HEAD", "OPTIONS"} if "GET" in methods else set())

    def wrap(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.door_role = role  # type: ignore[attr-defined]
            if request.method not in allowed:
                return _not_this_way(request, allowed)
            try:
                if role != "shopper":
                    context_of(request)
                    _no_nul(request)
                for needed in (scope, "" if request.method in READ else writes):
                    if needed and not context_of(request).may(needed):
                        raise NotAllowed(scope=needed)
                response = view(request, *args, **kwargs)
            except SecondFactorNeeded:
                return HttpResponseRedirect(reverse("mfa_index"))
            except NotSignedIn as refusal:
                return sign_in(request, refusal)
            except Refusal as refusal:
                if refusal.status == 404 and "token" in kwargs:
                    return problem(request, _miss(request) or refusal)
                return problem(request, refusal)
            except OperationalError as error:
                busy = busy_from(error)
                if busy is None:
                    raise
                return problem(request, busy)
            if role != "shopper" or request.method not in READ:
                response.headers.setdefault("Cache-Control", "private, no-store")
            elif response.status_code == 200 and "place" in kwargs:
                _count_page(request, kwargs["place"].market.code)
            return response

        run.door_role = role  # type: ignore[attr-defined]
        run.door_methods = allowed  # type: ignore[attr-defined]
        return run

    return wrap if view is None else wrap(view)


def _no_nul(request: HttpRequest) -> None:
    """Forms of people at work hold no NUL, which the database could not keep; the shop's say so field by field. Refuses: Invalid."""
    sent = [request.GET] if "%00" in request.META.get("QUERY_STRING", "") else []
    if request.method == "POST":
        sent.append(request.POST)
    for values in sent:
        for name, several in values.lists():
            if any("\x00" in value for value in several):
                raise Invalid(
                    field=name[:60], reason="holds invisible control characters.", hint="Type it again."
                )


MISSES, MISSES_WITHIN_S = 20, 600


def limit(request: HttpRequest, what: str, *, most: int, per_s: int) -> None:
    """Count a try of this visitor's network address. Refuses: TooManyTries past `most` in `per_s` seconds.

    Without an idempotency key: a repeated post is another try. Behind a proxy it is the address the proxy saw.
    """
    actor, scopes = guest()
    ctx = Context(actor=actor, at=clock.now(), scopes=scopes, cause=f"web:{new_id()}")
    count_try(ctx, what=what, who=f"ip:{get_client_ip(request) or 'unknown'}", most=most, per_s=per_s)


def _miss(request: HttpRequest) -> Refusal | None:
    """A secret link that leads nowhere; somebody who guesses links is stopped after twenty."""
    try:
        limit(request, "secret link", most=MISSES, per_s=MISSES_WITHIN_S)
    except TooManyTries as refusal:
        return refusal
    return None


# Pages that are steps of the funnel, by the name of their address.
FUNNEL = {"product": "product", "cart": "cart", "checkout": "checkout"}
_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|fetch|monitor|python|curl|wget|headless|lighthouse", re.IGNORECASE
)


def _count_page(request: HttpRequest, market: str) -> None:
    """Count a page somebody asked for: no cookie, no address, no person. Robots and parts of pages do not count."""
    sent = request.headers
    if (
        sent.get("HX-Request")
        or "prefetch" in sent.get("Sec-Purpose", "")
        or _ROBOT.search(sent.get("User-Agent", "bot"))
    ):
        return
    actor, scopes = guest()
    ctx = Context(actor=actor, at=clock.now(), scopes=scopes)
    if not sent.get("Referer", "").startswith(settings.BASE_URL + "/"):
        note_page(ctx, market=market, step="visit")
    match = request.resolver_match
    step = FUNNEL.get(match.url_name or "") if match else None
    if step:
        note_page(ctx, market=market, step=step)


def page(
    request: HttpRequest,
    template: str,
    data: Mapping[str, Any] | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Render `<room>/x.jinja`. Besides `data` a page knows `language`, `ctx`, `key_input` and `is_pilot`."""
    shared = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "ctx": request.__dict__.get("door_contexts", {}).get(getattr(request, "door_role", "shopper")),
        "key_input": format_html('<input type="hidden" name="_key" value="{}">', str(new_id())),
        "is_pilot": settings.IS_PILOT,
        "go_back": gettext("Go back"),
    }
    response = render(request, template, shared | dict(data or {}), status=status, using="jinja2")
    for name, value in (headers or {}).items():
        response[name] = value
    return response


LISTED = frozenset({"missing", "fields"})  # facts that name several fields
SPOKEN = frozenset({"what", "reason", "hint", "sentence", "fix"})  # facts that are words of ours


def said(refusal: Refusal) -> str:
    """The refusal's sentence in the reader's language, with what it says of the cause."""
    facts = {
        name: in_words(gettext(value) if name in SPOKEN and type(value) is str and value else value)
        for name, value in refusal.facts.items()
    }
    if "field" in facts:
        facts["field"] = field_name(str(facts["field"]))
    if type(facts.get("state")) is str:
        facts["state"] = state_name(str(facts["state"]))
    for name in LISTED & facts.keys():
        facts[name] = ", ".join(field_name(each) for each in str(facts[name]).split(", "))
    return gettext(refusal.template).format_map(facts).rstrip()


def said_of(gap: Problem | Missing) -> str:
    """What stands in the way of an order, in the reader's language."""
    sentence = said(gap.why) if gap.why else gettext(gap.sentence)
    title = getattr(gap, "title", "")
    return f"{title}: {sentence}" if title else sentence


def in_words(value: Any) -> Any:
    """A sentence in the reader's language; anything else as it is."""
    if isinstance(value, Sentence):
        text = gettext(value.template)
        return text.format_map({n: in_words(v) for n, v in value.facts.items()}) if value.facts else text
    return value


def problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page of a refusal; for HTMX only the panel, aimed at `#problem`."""
    data = {
        "code": refusal.code,
        "status": refusal.status,
        "sentence": said(refusal),
        "next_step": refusal.next_step,
        "back": back_of(request),
    }
    if request.headers.get("HX-Request") == "true":
        response = page(request, "storefront/_problem.jinja", data, refusal.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#problem", "innerHTML"
        response["HX-Reselect"] = "unset"  # the panel is the whole answer, whatever part the page wished for
    else:
        response = page(request, "storefront/problem.jinja", data, refusal.status)
    if refusal.status == 503:
        response["Retry-After"] = str(refusal.facts.get("seconds", 2))
    response["Cache-Control"] = "private, no-store"
    return response


def sign_in(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Send somebody to sign in and back here; what was posted is not kept."""
    here = request.get_full_path() if request.method in READ else back_of(request)
    target = f"{reverse('account_login')}?{urlencode({'next': here})}"
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=refusal.status)
        response["HX-Redirect"] = target
        return response
    if getattr(request, "user", None) and request.user.is_authenticated:
        logout(request)  # the account was closed while the session lived
    return HttpResponseRedirect(target)


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """Where `next` may lead: a path of this site, nothing else."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return wish if is_ours else fallback


def back_of(request: HttpRequest, fallback: str = "/") -> str:
    """The path of the page the person came from, if it was ours."""
    base, referer = settings.BASE_URL, request.headers.get("Referer", "")
    path = referer[len(base) :] if referer.startswith(base + "/") else ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else fallback


def attempt(
    run: Callable[[], object], *, then: str, done: str, again: Callable[[str], HttpResponse]
) -> HttpResponse:
    """Run one command, then see the page `then` with the word of what was done; or the page again with the refusal's sentence.

    Who may not (401, 403) and what is not there (404) stay what they are.
    """
    try:
        run()
    except Refusal as refusal:
        if refusal.status in (401, 403, 404):
            raise
        response = again(said(refusal))
        response.status_code = refusal.status
        return response
    return HttpResponseRedirect(f"{then}?{urlencode({'done': done})}", status=303)


def files_of(request: HttpRequest, name: str, most: int, bytes_each: int = 20_000_001) -> list[bytes]:
    """The files sent under a name: one more than `most` at most, each read no further than a command would take it."""
    return [upload.read(bytes_each) for upload in request.FILES.getlist(name)[: most + 1] if upload.size]


def jpeg(content: bytes) -> HttpResponse:
    """A private picture: shown to who asked, kept by nobody on the way."""
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)


def absolute(path: str) -> str:
    """A full link for mails and feeds: always the configured address, never the Host header."""
    return settings.BASE_URL + path


def _not_this_way(request: HttpRequest, allowed: frozenset[str]) -> HttpResponse:
    response = page(
        request,
        "storefront/problem.jinja",
        {
            "code": "method_not_allowed",
            "status": 405,
            "sentence": gettext("This address does not take that kind of request."),
            "next_step": "go_back",
            "back": back_of(request),
        },
        405,
    )
    response["Allow"] = ", ".join(sorted(allowed))
    return response


# ---- what Django itself answers -------------------------------------------------------------------------


def _plain(request: HttpRequest, status: int, code: str, sentence: str) -> HttpResponse:
    """A problem page; when even that fails, a line of text. Never a trace, a path or a query."""
    data = {"code": code, "status": status, "sentence": sentence, "next_step": "go_back", "back": "/"}
    try:
        return page(request, "storefront/problem.jinja", data, status)
    except Exception:
        log.exception("the problem page failed")
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 400, "bad_request", gettext("This request could not be read."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, 403, "forbidden", gettext("This is not allowed."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _plain(
        request, 403, "csrf", gettext("This form has expired. Go back, reload the page and send it again.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page: said in the language of the address where it has one (`/es-es/…`), else in the browser's."""
    place = read_locale_path(request.path.split("/")[1])
    with override(place[1] if place else get_language()):
        return _plain(request, 404, "not_found", gettext("There is no such page."))


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug of ours: a number to quote, nothing else. The trace stands in the log beside it."""
    reference = str(new_id())
    log.error("reference %s", reference)
    return _plain(
        request,
        500,
        "server_error",
        gettext("Something went wrong on our side. Please try again. Reference: %s") % reference,
    )


def account_methods(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Middleware: the account pages know GET and POST; allauth would take a PUT for a POST."""

    def run(request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith("/accounts/") and request.method not in READ | {"POST"}:
            return _not_this_way(request, READ | {"POST"})
        return get_response(request)

    return run
