"""Whole lives in any order: whatever happens, every cent has its place after every step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    INVARIANT_MARKER,
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from entrepot.kit import clock
from entrepot.kit.errors import Refusal
from entrepot.kit.ids import new_id
from entrepot.ledger.commands import TransferDraft, close_period, credit, debit, post_transfer
from entrepot.ledger.errors import CloseNotPossible
from entrepot.ledger.policy import CHART
from entrepot.ledger.queries import (
    AccountRef,
    balance_of,
    transfers_by_subject,
    trial_balance,
    unbalanced_transfers,
)
from entrepot.payments.adapters.provider import Message
from entrepot.payments.commands import (
    RefundPart,
    confirm_payment,
    make_bank_file,
    read_bank_statement,
    record_provider_event,
    refund_payment,
    send_refunds,
)
from entrepot.payments.models import BankTransfer
from entrepot.payments.queries import ARROWS, payment_by_id
from entrepot.settlement.commands.payouts import approve_payout, cut_payouts, send_payouts
from entrepot.settlement.commands.release import (
    freeze_order,
    freeze_terms,
    note_paid,
    release_order,
    thaw_order,
)
from entrepot.settlement.queries import ledger_faults, payouts_open
from tests import make
from tests.payments.outside import OUR_IBAN, statement
from tests.settlement.world import World, settle

pytestmark = pytest.mark.django_db(transaction=True)

# Sellers of three kinds: at home, elsewhere in the EU, outside it. Money leaves by SEPA file.
WORLD: dict[str, Any] = {}
ESCROWS = ("escrow", "escrow_frozen")
OUR_BANK = {"ENTREPOT_BANK_IBAN": OUR_IBAN, "ENTREPOT_BANK_HOLDER": "Entrepot Market SL"}


def world() -> World:
    if not WORLD:
        WORLD["world"] = World(countries=("ES", "FR", "CN"))
        WORLD["people"] = (make.operator("finance"), make.operator("manager"))
    return WORLD["world"]  # type: ignore[no-any-return]


class Lives(RuleBasedStateMachine):
    """Orders in one growing world; the books are never emptied, so each run stands on all before it."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.world = world()
        self.world.at = max(self.world.at, clock.now())
        self.placed: list[int] = []
        self.paid: dict[int, int] = {}  # order → captured
        self.back: dict[int, int] = {}  # order → promised back
        self.released: set[int] = set()
        self.frozen: set[int] = set()
        self.cancelled: set[int] = set()

    @rule(
        target=orders,
        seller=st.integers(0, 2),
        goods=st.integers(1, 700_000),
        shipping=st.integers(0, 2000),
        duty_bp=st.integers(0, 900),
        stage=st.sampled_from(["placed", "paid", "paid", "released", "paid out"]),
    )
    @precondition(lambda self: len(self.placed) < 4)
    def place(self, seller: int, goods: int, shipping: int, duty_bp: int, stage: str) -> int:
        """A new order, some further on than others, so that a short run sees whole lives."""
        is_import = seller == 2
        duty = goods * duty_bp // 10_000 if is_import else 0
        order = self.world.order(
            seller=seller, goods=goods, shipping=shipping, duty=duty, is_deemed_supplier=is_import
        )
        self.placed.append(order)
        if stage != "placed":
            self.pay(order)
        if stage in ("released", "paid out"):
            self.complete(order)
        if stage == "paid out":
            self.world.at += timedelta(days=7)
            self.pay_out()
            self.the_bank_says(3, comes_back=False)
        return order

    @rule(order=orders)
    def pay_placed(self, order: int) -> None:
        self.pay(order)

    @rule(order=orders)
    def complete_paid(self, order: int) -> None:
        self.complete(order)

    @rule(order=orders)
    def nobody_pays(self, order: int) -> None:
        """Its time passes: what was reserved is awaited no more; told twice, it lapses once."""
        if order not in self.paid:
            self.world.cancel(order)
            self.world.cancel(order)
            self.cancelled.add(order)

    def pay(self, order: int) -> None:
        if order not in self.paid and order not in self.cancelled:
            self.world.pay(order)
            self.paid[order] = self.world.placed[order].total_minor

    @rule(order=orders)
    def pay_again(self, order: int) -> None:
        """Whoever comes back, and however often, it is captured once."""
        if order in self.paid:
            assert confirm_payment(self.world.ctx(), payment_id=self.world.payments[order]).is_applied
            note_paid(self.world.ctx(), order_id=order)
            freeze_terms(self.world.ctx(), placed=self.world.placed[order])

    def complete(self, order: int) -> None:
        if order in self.paid:
            state = release_order(self.world.ctx(), order_id=order).state
            assert (state == "frozen") == (order in self.frozen and order not in self.released)
            if state == "released":
                self.released.add(order)

    @rule(order=orders, share=st.integers(1, 10_000), is_name_reused=st.booleans())
    def return_goods(self, order: int, share: int, is_name_reused: bool) -> None:
        """Part of the money back, sometimes asked for twice under one name."""
        left = self.paid.get(order, 0) - self.back.get(order, 0)
        minor = max(left * share // 10_000, 1)
        if left > 0:
            name = str(new_id())
            self.world.refund(order, minor, name)
            if is_name_reused:
                self.world.refund(order, minor, name)
            self.back[order] = self.back.get(order, 0) + minor

    @rule(order=orders)
    def ask_for_too_much(self, order: int) -> None:
        if order in self.paid:
            left = self.paid[order] - self.back.get(order, 0)
            with pytest.raises(Refusal) as refused:
                refund_payment(
                    self.world.ctx(),
                    payment_id=self.world.payments[order],
                    parts=[RefundPart(order, left + 1)],
                    reason="greed",
                    external_id=str(new_id()),
                )
            assert refused.value.code == "refund_too_high"

    @rule(order=orders, times=st.integers(1, 3))
    def chargeback(self, order: int, times: int) -> None:
        """The buyer's bank takes back what was not refunded; its message may come several times."""
        if order in self.paid:
            payment = payment_by_id(self.world.payments[order])
            message = Message(
                str(new_id()), "payment.charged_back", payment.provider_ref, str(payment.payment_id),
                payment.amount_minor, payment.currency,
            )  # fmt: skip
            for _ in range(times):
                record_provider_event(self.world.ctx(), provider="sandbox", message=message, body=b"{}")
                settle()
            self.back[order] = self.paid[order]

    @rule(order=orders)
    def dispute(self, order: int) -> None:
        if order in self.paid and order not in self.released:
            freeze_order(self.world.ctx(), order_id=order, reason="a dispute")
            self.frozen.add(order)

    @rule(order=orders)
    def decide_dispute(self, order: int) -> None:
        if order in self.frozen:
            self.frozen.discard(order)
            released = thaw_order(self.world.ctx(), order_id=order)
            if released is not None and released.state == "released":
                self.released.add(order)

    @rule()
    def pay_out(self) -> None:
        cut_payouts(self.world.ctx())
        for payout in payouts_open(self.world.ctx()):
            if payout.state == "waiting":
                for person in WORLD["people"]:
                    approve_payout(person, payout_id=payout.payout_id)
        send_payouts(self.world.ctx())

    @rule(bounces=st.integers(0, 3), comes_back=st.booleans())
    def the_bank_says(self, bounces: int, comes_back: bool) -> None:
        """Our file goes to the bank; its statement books each transfer or sends it back, some of them days later; read twice."""
        make_bank_file(self.world.ctx())
        entries: list[dict[str, Any]] = []
        for place, row in enumerate(BankTransfer.objects.filter(state="filed").order_by("id")):
            entries.append({"minor": -row.minor, "end_to_end": row.id.hex})
            if place % 4 == bounces:
                entries.append({"minor": row.minor, "end_to_end": row.id.hex, "reason": "AC04"})
        late = BankTransfer.objects.filter(state="booked").order_by("id").first()
        if comes_back and late is not None:
            entries.append({"minor": late.minor, "end_to_end": late.id.hex, "reason": "MD07"})
        if entries:
            body = statement(f"S{new_id().hex[:24]}", entries)
            first, again = (read_bank_statement(self.world.ctx(), body=body) for _ in range(2))
            assert (first.matched, first.is_new, again.is_new) == (len(entries), True, False)
            send_payouts(self.world.ctx())
            send_payouts(self.world.ctx())

    @rule()
    def news_is_told_again(self) -> None:
        """Every fact once more, in any later order: nothing moves."""
        before = {line.account: line.minor for line in trial_balance()}
        for order in self.placed:
            freeze_terms(self.world.ctx(), placed=self.world.placed[order])
            if order in self.paid:
                confirm_payment(self.world.ctx(), payment_id=self.world.payments[order])
                note_paid(self.world.ctx(), order_id=order)
            if order in self.released:
                assert release_order(self.world.ctx(), order_id=order).seller_minor == 0
            if order in self.cancelled:
                self.world.cancel(order)
        assert {line.account: line.minor for line in trial_balance()} == before

    @rule(days=st.integers(1, 8))
    def time_passes(self, days: int) -> None:
        self.world.at += timedelta(days=days)
        send_payouts(self.world.ctx())
        send_payouts(self.world.ctx())

    @rule(minor=st.integers(1, 10**7), rate=st.integers(7000, 13000))
    def convert(self, minor: int, rate: int) -> None:
        """Our bank changes euros into pounds: two currencies, each of which sums to zero."""
        euro, pound = AccountRef("bank", "pilot_bank", "EUR"), AccountRef("bank", "pilot_bank", "GBP")
        other = max(minor * rate // 10_000, 1)
        legs = [
            credit(euro, minor),
            debit(AccountRef("fx", "EUR/GBP", "EUR"), minor),
            debit(pound, other),
            credit(AccountRef("fx", "EUR/GBP", "GBP"), other),
        ]
        draft = TransferDraft(
            f"fx:{new_id()}", "fx", "bank:pilot_bank", self.world.at, legs, note=f"rate {rate}/10000"
        )
        assert [post_transfer(self.world.ctx(), draft=draft).is_new for _ in range(2)] == [True, False]

    @rule()
    def close_the_day(self) -> None:
        """Yesterday is closed; what happens later is posted later."""
        before = {line.account: line.minor for line in trial_balance()}
        with suppress(CloseNotPossible):  # closed before
            close_period(self.world.ctx(), until_at=self.world.at - timedelta(days=1))
        assert {line.account: line.minor for line in trial_balance()} == before

    @invariant()
    def every_transfer_adds_up(self) -> None:
        assert unbalanced_transfers() == []

    @invariant()
    def each_currency_sums_to_zero(self) -> None:
        sums: dict[str, int] = {}
        for line in trial_balance():
            sums[line.account.currency] = sums.get(line.account.currency, 0) + line.minor * line.sign
            if CHART[line.account.kind].is_guarded:
                assert line.minor >= 0, line
        assert not any(sums.values()), sums

    @invariant()
    def escrow_is_the_sum_of_open_holds(self) -> None:
        for order, minor in self.paid.items():
            held = {kind: balance_of(AccountRef(kind, f"order:{order}", "EUR")) for kind in ESCROWS}
            open_ = 0 if order in self.released else minor - self.back.get(order, 0)
            assert sum(held.values()) == open_, (order, held, open_)
            assert held["escrow" if order in self.frozen else "escrow_frozen"] == 0, (order, held)
            assert balance_of(AccountRef("refund_advance", f"order:{order}", "EUR")) == 0
            if order in self.released:
                assert balance_of(AccountRef("tax_in_escrow", f"order:{order}", "EUR")) == 0

    @invariant()
    def what_is_reserved_is_what_is_placed_and_open(self) -> None:
        for order in self.placed:
            owed = self.world.placed[order].total_minor
            is_open = order not in self.paid and order not in self.cancelled
            for kind in ("reserved", "buyer_due"):
                assert balance_of(AccountRef(kind, f"order:{order}", "EUR")) == owed * is_open

    @invariant()
    def every_transfer_is_an_arrow_of_the_table(self) -> None:
        """Its kind is known, and it debits and credits nothing but what the table says."""
        for order in self.placed:
            for transfer in transfers_by_subject(f"order:{order}"):
                if transfer.kind == "tax_due":  # VAT owed ahead: no money of the order moves
                    continue
                known = [arrow for arrow in ARROWS.values() if arrow.kind == transfer.kind]
                assert known, transfer
                touched = {posting.account.kind for posting in transfer.postings}
                assert touched <= {kind for arrow in known for kind in (*arrow.debits, *arrow.credits)}, (
                    transfer
                )

    @invariant()
    def refunds_stay_within_what_was_captured(self) -> None:
        for order in self.paid:
            payment = payment_by_id(self.world.payments[order])
            assert payment.refunded_minor == payment.refund_minor == self.back.get(order, 0)
            assert payment.refund_minor <= payment.captured_minor

    @invariant()
    def our_tables_say_what_the_books_say(self) -> None:
        assert ledger_faults(self.world.ctx()) == []


def one_long_life() -> None:
    """What chance reaches seldom, once by hand: paid out, back days later, disputed and charged back in between."""
    lives = Lives()
    sold, disputed = (lives.place(1, 90_000, 500, 0, stage) for stage in ("paid out", "paid"))
    steps: list[Callable[[], object]] = [
        lambda: lives.dispute(disputed),
        lambda: lives.return_goods(disputed, 2_000, is_name_reused=True),
        lambda: lives.complete(disputed),
        lambda: lives.the_bank_says(3, comes_back=True),  # the payout of what was sold comes back
        lambda: lives.chargeback(sold, 2),  # after its release: everybody gives back, the seller is in debt
        lambda: lives.decide_dispute(disputed),
        lives.pay_out,
        lives.news_is_told_again,
        lambda: lives.chargeback(disputed, 1),
    ]
    for step in steps:
        step()
        for name in dir(lives):
            if hasattr(getattr(Lives, name, None), INVARIANT_MARKER):
                getattr(lives, name)()
    assert balance_of(AccountRef("seller_payable", f"seller:{lives.world.sellers[1]}", "EUR")) < 0


def test_whole_lives() -> None:
    WORLD.clear()
    try:
        with override_settings(PAYMENT_PROVIDERS=("sandbox", "sepa"), PROVIDER_SETTINGS=OUR_BANK):
            one_long_life()
            run_state_machine_as_test(  # type: ignore[no-untyped-call]
                Lives,
                settings=settings(
                    max_examples=10,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
            assert send_refunds(world().ctx()) == 0
    finally:
        WORLD.clear()
