"""Accounts, sellers, teams, keys and addresses; each refusal also shows that nothing changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from entrepot.kit import clock
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.kit.models import AuditEntry, OutboxFact
from entrepot.parties import commands, queries
from entrepot.parties.errors import (
    AlreadyOnTeam,
    EmailTaken,
    KeyRefused,
    LastManager,
    LastOwner,
    NotSignedIn,
    ScopeNotYours,
    SellerNotReady,
    SellerStateUnchanged,
    SlugTaken,
    TooManyAddresses,
)
from entrepot.parties.models import Address, ApiKey, Seller, Staff, User
from tests import make

pytestmark = pytest.mark.django_db


def test_an_account_is_opened_once() -> None:
    account = commands.create_account(make.visitor(), email=" Ana@Example.es ", password=make.PASSWORD)
    user = User.objects.get(pk=account.user_id)
    assert (user.email, user.party_id) == ("ana@example.es", account.party_id)
    assert user.check_password(make.PASSWORD)
    with pytest.raises(EmailTaken):
        commands.create_account(make.visitor(), email="ANA@example.es")
    with pytest.raises(Invalid):
        commands.create_account(make.visitor(), email="not an address")
    assert User.objects.count() == 1


def test_a_shop_from_application_to_suspension() -> None:
    owner = make.buyer()
    seller_id = commands.register_seller(
        owner, slug="aceites", display_name="Aceites", legal_name="Aceites SL", trader_type="company", country="es"
    )  # fmt: skip
    desk = make.operator("compliance")
    with pytest.raises(SellerNotReady) as refused:
        commands.approve_seller(desk, seller_id=seller_id)
    assert "address" in refused.value.sentence
    actor, scopes = queries.actor_for_user(owner.actor.user_id or 0, as_seller=seller_id)
    own = replace(owner, actor=actor, scopes=scopes)
    commands.change_seller(
        own,
        seller_id=seller_id,
        values={
            "address": "Calle 1",
            "postcode": "23001",
            "city": "Jaén",
            "email": "a@b.es",
            "phone": "+34 1",
        },
    )
    commands.approve_seller(desk, seller_id=seller_id)
    assert queries.sellers_by_id([seller_id])[seller_id].state == "approved"
    with pytest.raises(SellerStateUnchanged):
        commands.approve_seller(desk, seller_id=seller_id)
    with pytest.raises(Invalid):
        commands.suspend_seller(desk, seller_id=seller_id, reason=" ")
    commands.suspend_seller(desk, seller_id=seller_id, reason="Safety notice")
    entry = AuditEntry.objects.latest("id")
    assert entry.before == {"state": "approved", "state_reason": ""}
    assert entry.after == {"state": "suspended", "state_reason": "Safety notice"}
    assert entry.user_id == desk.actor.user_id
    kinds = list(OutboxFact.objects.order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if "Seller" in kind] == [
        "parties.SellerRegistered", "parties.SellerChanged", "parties.SellerApproved", "parties.SellerSuspended",
    ]  # fmt: skip


def test_a_shop_address_is_taken_once() -> None:
    make.seller("aceites")
    with pytest.raises(SlugTaken):
        make.seller("aceites")
    assert Seller.objects.count() == 1


def test_another_sellers_staff_cannot_change_or_see_a_shop() -> None:
    mine, theirs = make.seller(), make.seller()
    me = make.staff(mine)
    with pytest.raises(NotFound):
        commands.change_seller(me, seller_id=theirs, values={"display_name": "Hijacked"})
    with pytest.raises(NotFound):
        commands.change_iban(me, seller_id=theirs, iban="")
    with pytest.raises(NotFound):
        queries.seller_desk(me, theirs)
    assert [desk.view.id for desk in queries.sellers_all(me)] == [mine]
    assert queries.sellers_all(make.buyer()) == []
    assert queries.staff_of_seller(me, theirs) == []
    assert not Seller.objects.filter(display_name="Hijacked").exists()


def test_fields_that_are_not_a_sellers_to_set_are_refused() -> None:
    mine = make.seller()
    for field in ("state", "slug", "id", "joined_at", "iban", "balance"):
        with pytest.raises(Invalid):
            commands.change_seller(make.staff(mine), seller_id=mine, values={field: "approved"})


def test_the_bank_account_is_masked_and_its_change_is_told() -> None:
    mine = make.seller()
    commands.change_iban(make.staff(mine), seller_id=mine, iban="FR14 2004 1010 0505 0001 3M02 606")
    desk = queries.seller_desk(make.operator("finance"), mine)
    assert desk.iban_masked == "FR14 •••• 2606"
    assert desk.iban_changed_at == make.NOW
    assert OutboxFact.objects.filter(kind="parties.SellerIbanChanged").count() == 1
    assert "20041010" not in str(list(AuditEntry.objects.values_list("after", flat=True)))


@pytest.mark.parametrize("role", ["catalogue", "orders", "finance"])
def test_only_owners_run_the_team(role: str) -> None:
    mine = make.seller()
    member, other = make.staff(mine, role), make.person()
    with pytest.raises(NotAllowed):
        commands.add_staff(
            member, seller_id=mine, email=User.objects.get(pk=other.user_id).email, role="owner"
        )
    assert Staff.objects.count() == 1


def test_a_removed_member_is_out_at_once() -> None:
    mine = make.seller()
    owner, member = make.staff(mine), make.staff(mine, "orders")
    user_id = member.actor.user_id or 0
    key = ApiKey.objects.create(
        name="x", prefix="ek_aaaaaaaaaa", hash=b"", scopes=[], seller_id=mine, issued_by_id=user_id, issued_at=make.NOW
    )  # fmt: skip
    before = User.objects.get(pk=user_id).get_session_auth_hash()
    commands.remove_staff(owner, seller_id=mine, user_id=user_id)
    assert User.objects.get(pk=user_id).get_session_auth_hash() != before
    key.refresh_from_db()
    assert key.revoked_at == make.NOW
    with pytest.raises(NotFound):
        queries.actor_for_user(user_id, as_seller=mine)
    with pytest.raises(LastOwner):
        commands.remove_staff(owner, seller_id=mine, user_id=owner.actor.user_id or 0)


def test_a_member_is_added_once() -> None:
    mine = make.seller()
    owner = make.staff(mine)
    make.person("luis@example.es")
    commands.add_staff(owner, seller_id=mine, email="luis@example.es", role="orders")
    with pytest.raises(AlreadyOnTeam):
        commands.add_staff(owner, seller_id=mine, email="luis@example.es", role="owner")
    assert {member.role for member in queries.staff_of_seller(owner, mine)} == {"owner", "orders"}


def test_operator_roles_come_and_go() -> None:
    manager = make.operator()
    person = make.person("eva@example.es")
    with pytest.raises(NotFound):
        queries.actor_for_user(person.user_id, as_operator=True)
    commands.grant_operator_role(manager, email="eva@example.es", role="support")
    actor, scopes = queries.actor_for_user(person.user_id, as_operator=True)
    assert actor.kind == "operator"
    assert "orders:refund" in scopes
    commands.revoke_operator_role(manager, user_id=person.user_id, role="support")
    with pytest.raises(NotFound):
        queries.actor_for_user(person.user_id, as_operator=True)
    with pytest.raises(LastManager):
        commands.revoke_operator_role(manager, user_id=manager.actor.user_id or 0, role="manager")


def test_a_key_does_what_it_was_given_while_its_maker_may() -> None:
    mine = make.seller()
    owner = make.staff(mine)
    issued = commands.issue_api_key(owner, name="ERP", scopes=["catalog:read", "stock:write"])
    assert issued.secret.startswith(issued.prefix)
    assert issued.secret not in str(ApiKey.objects.values().get())
    actor, scopes = queries.actor_for_key(issued.secret)
    assert (actor.kind, actor.seller_id) == ("seller", mine)
    assert scopes == {"catalog:read", "stock:write"}
    for wrong in (
        issued.secret[:-1] + "!",
        issued.secret[:-1] + ("A" if issued.secret[-1] != "A" else "B"),
        "",
        "ek_",
    ):
        with pytest.raises(KeyRefused):
            queries.actor_for_key(wrong)
    commands.revoke_api_key(owner, key_id=issued.id)
    with pytest.raises(KeyRefused):
        queries.actor_for_key(issued.secret)


def test_a_key_expires() -> None:
    owner = make.staff(make.seller())
    past = clock.now() - timedelta(minutes=1)
    issued = commands.issue_api_key(owner, name="old", scopes=["catalog:read"], expires_at=past)
    with pytest.raises(KeyRefused):
        queries.actor_for_key(issued.secret)


@pytest.mark.parametrize("scope", ["ledger:read", "team:write", "keys:write", "sellers:write", "unheard:of"])
def test_a_key_cannot_be_given_more_than_its_maker_holds(scope: str) -> None:
    owner = make.staff(make.seller())
    with pytest.raises(ScopeNotYours):
        commands.issue_api_key(owner, name="greedy", scopes=["catalog:read", scope])
    assert not ApiKey.objects.exists()


def test_another_sellers_key_does_not_exist() -> None:
    owner, other = make.staff(make.seller()), make.staff(make.seller())
    issued = commands.issue_api_key(owner, name="ERP", scopes=["catalog:read"])
    with pytest.raises(NotFound):
        commands.revoke_api_key(other, key_id=issued.id)
    queries.actor_for_key(issued.secret)


def test_addresses_are_private_and_one_is_the_default() -> None:
    ana, eva = make.buyer(), make.buyer()
    place = {"name": "Ana", "line1": "Calle 1", "city": "Madrid", "postcode": "28013", "country": "es"}
    first = commands.save_address(ana, **place)
    second = commands.save_address(ana, **place | {"line1": "Calle 2"}, is_default=True)
    assert [(row.id, row.is_default) for row in queries.addresses_of(ana)] == [(second, True), (first, False)]
    for ctx in (eva, make.visitor()):
        with pytest.raises(NotFound):
            queries.address_by_id(ctx, first)
    with pytest.raises(NotFound):
        commands.save_address(eva, **place | {"line1": "Stolen"}, address_id=first)
    with pytest.raises(NotFound):
        commands.delete_address(eva, address_id=first)
    assert not Address.objects.of(make.system()).filter(line1="Stolen").exists()
    commands.delete_address(ana, address_id=second)
    assert [(row.id, row.is_default) for row in queries.addresses_of(ana)] == [(first, True)]


def test_twenty_addresses_are_enough() -> None:
    ana = make.buyer()
    for number in range(commands.MOST_ADDRESSES):
        commands.save_address(ana, name="Ana", line1=f"Calle {number}", city="Madrid", country="ES")
    with pytest.raises(TooManyAddresses):
        commands.save_address(ana, name="Ana", line1="one more", city="Madrid", country="ES")


def test_a_closed_account_is_nobody() -> None:
    account = make.person()
    User.objects.filter(pk=account.user_id).update(is_active=False)
    with pytest.raises(NotSignedIn):
        queries.actor_for_user(account.user_id)


def test_asking_twice_with_one_key_gives_one_shop() -> None:
    ask = {
        "slug": "una",
        "display_name": "Una",
        "legal_name": "Una SL",
        "trader_type": "company",
        "country": "ES",
    }
    ctx = replace(make.buyer(), key=str(uuid4()))
    assert commands.register_seller(ctx, **ask) == commands.register_seller(ctx, **ask)
    assert Seller.objects.count() == 1
