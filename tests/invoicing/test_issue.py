"""Documents come from what was settled: one for each event, numbered without a gap, never changed, to the cent of the postings."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from entrepot.invoicing.commands.issue import bill_fees, issue_credit_notes, issue_sale_invoice
from entrepot.invoicing.errors import FileKindUnknown, InvoiceMissing
from entrepot.invoicing.models import Invoice
from entrepot.invoicing.queries import (
    invoice_by_id,
    invoice_file,
    invoices_of,
    invoices_of_order,
)
from entrepot.invoicing.xml import cii_xml, ubl_xml
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.kit.ids import new_id
from entrepot.kit.money import divide_half_up
from entrepot.ledger.queries import transfers_by_subject
from entrepot.orders.commands import (
    cancel_order,
    complete_inspected,
    mark_delivered,
    mark_shipped,
    refund_order,
)
from entrepot.parties.commands import change_seller
from entrepot.payments.commands import send_refunds
from entrepot.payments.events import PartRefunded, RefundPromised
from entrepot.settlement.queries import tax_terms_by_order
from tests import make
from tests.invoicing.rules import broken
from tests.orders.conftest import Clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]


def moved(order_id: int, kind: str, owner: str) -> int:
    """What the postings about an order put on an account in all: positive is a credit."""
    return -sum(
        posting.minor
        for transfer in transfers_by_subject(f"order:{order_id}")
        for posting in transfer.postings
        if posting.account.kind == kind and posting.account.owner == owner
    )


@pytest.fixture
def world(clock: Clock) -> Any:
    """A buyer's purchase at a Spanish, a French and a Chinese seller, paid; the sellers and the order ids."""
    home, france, china = make.seller(), make.seller(country="FR"), make.seller(country="CN")
    change_seller(make.system(), seller_id=home, values={"vat_no": "ESB87123451"})
    change_seller(make.system(), seller_id=france, values={"vat_no": "FR40303265045"})
    wishes = {
        make.offer(home, price_minor=4000, quantity=50).id: 2,
        make.offer(france, price_minor=3000, quantity=50).id: 1,
        make.offer(china, price_minor=2900, quantity=50, hs6="940540", origin_country="CN").id: 2,
    }
    buyer = make.buyer(at=clock())
    answer = make.paid(buyer, wishes)
    return buyer, answer, {order.seller_id: order.order_id for order in answer.orders}, (home, france, china)


def deliver(order_ids: list[int], clock: Clock) -> None:
    for order_id in order_ids:
        mark_shipped(make.system(at=clock()), order_id=order_id)
    arrived = clock.move(days=5)
    for order_id in order_ids:
        mark_delivered(make.system(at=arrived), order_id=order_id, delivered_at=arrived)
    make.relay()
    assert complete_inspected(make.system(at=clock.move(days=20))) == len(order_ids)
    make.relay()


def test_each_order_has_its_invoice_from_who_supplies(world: Any, clock: Clock) -> None:
    buyer, answer, orders, (home, france, china) = world
    documents = {seller: invoices_of_order(buyer, orders[seller])[0] for seller in orders}
    assert {documents[seller].kind for seller in (home, france)} == {"sale"}
    assert documents[china].kind == "deemed"
    for seller, order_id in orders.items():
        view, content = invoice_by_id(buyer, documents[seller].invoice_id)
        assert moved(order_id, "escrow", f"order:{order_id}") == view.gross_minor
        assert broken(ubl_xml(content), "ubl") == broken(cii_xml(content), "cii") == []
    _, deemed = invoice_by_id(buyer, documents[china].invoice_id)
    assert deemed.issuer.vat_no == "ESB87123451"
    assert "deemed" in deemed.notes
    assert moved(orders[china], "tax_owed", "ES:ioss:ES") == deemed.vat_minor > 0
    # Each seller keeps the documents in its own name, and no other's; ours are not theirs.
    for seller, kind in ((home, "sale"), (france, "sale"), (china, "self")):
        assert [one.kind for one in invoices_of(make.staff(seller, at=clock()))] == [kind]
    # Where we supply the buyer the seller has supplied us: for what the buyer pays without VAT and duty.
    [ours] = invoices_of(make.staff(china, at=clock()))
    view, billed = invoice_by_id(make.staff(china, at=clock()), ours.invoice_id)
    assert (billed.receiver, billed.vat_minor) == (deemed.issuer, 0)
    duty = tax_terms_by_order([orders[china]])[orders[china]].duty_minor
    assert view.gross_minor == deemed.gross_minor - deemed.vat_minor - duty
    assert broken(ubl_xml(billed), "ubl") == broken(cii_xml(billed), "cii") == []
    with pytest.raises(NotFound):
        invoice_by_id(buyer, ours.invoice_id)
    assert len(invoices_of(buyer)) == 3
    assert invoices_of(make.visitor(at=clock())) == []
    for token, count in ((answer.token, 1), ("", 0)):
        if count:
            assert len(invoices_of_order(make.visitor(), orders[home], token)) == 1
        else:
            with pytest.raises(NotFound):
                invoices_of_order(make.visitor(), orders[home], token)
    stranger = make.buyer(at=clock())
    with pytest.raises(NotFound):
        invoice_by_id(stranger, documents[home].invoice_id)
    with pytest.raises(NotFound):
        invoice_by_id(make.staff(france), documents[home].invoice_id)
    with pytest.raises(NotFound):
        invoice_file(make.visitor(), documents[home].invoice_id, kind="pdf", token="a-wrong-token")
    with pytest.raises(FileKindUnknown):
        invoice_file(buyer, documents[home].invoice_id, kind="docx")
    name, media, made = invoice_file(
        make.visitor(), documents[home].invoice_id, kind="pdf", token=answer.token
    )
    assert (name, media, made[:5]) == (f"{documents[home].number}.pdf", "application/pdf", b"%PDF-")
    with pytest.raises(NotAllowed):
        issue_sale_invoice(buyer, order_id=orders[home])


def test_refunds_before_and_after_the_release_are_credited_to_the_cent(world: Any, clock: Clock) -> None:
    buyer, _, orders, (home, france, china) = world
    cancel_order(make.system(at=clock()), order_id=orders[home], reason="other")
    make.relay()
    refund_order(make.system(at=clock()), order_id=orders[china], minor=1111, reason="a scratch")
    make.relay()
    deliver([orders[france], orders[china]], clock)
    for minor in (777, 1):
        refund_order(make.system(at=clock()), order_id=orders[china], minor=minor, reason="another scratch")
        make.relay()
    send_refunds(make.system(at=clock()))
    make.relay()
    for seller, given_back in ((home, None), (france, 0), (china, 1889)):
        first, *notes = invoices_of_order(buyer, orders[seller])
        assert sum(note.gross_minor for note in notes) == (
            first.gross_minor if given_back is None else given_back
        )
        for note in notes:
            view, content = invoice_by_id(buyer, note.invoice_id)
            assert view.corrects == first.number
            assert broken(ubl_xml(content), "ubl") == broken(cii_xml(content), "cii") == []
    # What the seller had supplied us is given back by the same part, and no more.
    deemed = invoices_of_order(buyer, orders[china])[0]
    *notes, billed = invoices_of(make.staff(china, at=clock()), kind="")
    assert (billed.kind, {note.kind for note in notes}) == ("self", {"self_credit"})
    assert {note.corrects for note in notes} == {billed.number}
    left = divide_half_up(billed.gross_minor * (deemed.gross_minor - 1889), deemed.gross_minor)
    assert billed.gross_minor - sum(note.gross_minor for note in notes) == left
    first, *notes = invoices_of_order(buyer, orders[china])
    assert len(notes) == 3
    left = first.vat_minor - sum(note.vat_minor for note in notes)
    assert moved(orders[china], "tax_owed", "ES:ioss:ES") == left
    first, *notes = invoices_of_order(buyer, orders[home])
    assert first.vat_minor == sum(note.vat_minor for note in notes)


def test_fees_are_invoiced_when_their_month_has_ended(world: Any, clock: Clock) -> None:
    _, _, orders, (home, france, china) = world
    deliver(list(orders.values()), clock)
    released = clock()
    assert bill_fees(make.system(at=released)) == 0  # its month runs on
    clock.move(days=31)
    assert bill_fees(make.system(at=clock())) == 3
    assert bill_fees(make.system(at=clock())) == 0
    vat = {}
    for seller, category in ((home, "S"), (france, "AE"), (china, "O")):
        fees = invoices_of(make.staff(seller, at=clock()), kind="fee")
        assert len(fees) == 1
        view, content = invoice_by_id(make.staff(seller, at=clock()), fees[0].invoice_id)
        assert [tax.category for tax in content.taxes] == [category]
        assert (content.period_from.month, content.period_from.day) == (released.month, 1)  # type: ignore[union-attr]
        assert broken(ubl_xml(content), "ubl") == broken(cii_xml(content), "cii") == []
        assert moved(orders[seller], "platform_commission", "ES") == view.net_minor
        vat[seller] = view.vat_minor
    assert vat[home] == moved(orders[home], "tax_owed", "ES:vat:ES") > 0
    assert vat[france] == vat[china] == 0
    # Given back a month later, the fee is credited.
    refund_order(make.system(at=clock()), order_id=orders[home], minor=8000, reason="all of it")
    make.relay()
    clock.move(days=31)
    assert bill_fees(make.system(at=clock())) == 1
    note = invoices_of(make.staff(home, at=clock()), kind="fee_credit")[0]
    _, content = invoice_by_id(make.staff(home, at=clock()), note.invoice_id)
    assert broken(ubl_xml(content), "ubl") == broken(cii_xml(content), "cii") == []
    assert note.vat_minor == vat[home] - moved(orders[home], "tax_owed", "ES:vat:ES") > 0


def test_the_same_event_twice_is_one_document(world: Any, clock: Clock) -> None:
    _, _, orders, (home, _, _) = world
    before = Invoice.objects.of(make.system()).count()
    first = issue_sale_invoice(make.system(at=clock()), order_id=orders[home])
    assert issue_sale_invoice(make.system(at=clock()), order_id=orders[home]) == first
    assert Invoice.objects.of(make.system()).count() == before
    refund = RefundPromised(
        new_id(), new_id(), new_id(), "x", "asked", (PartRefunded(orders[home], home, 100, 0),), 100, "EUR", "test", clock()
    )  # fmt: skip
    note = issue_credit_notes(make.system(at=clock()), refund=refund)
    assert issue_credit_notes(make.system(at=clock()), refund=refund) == note
    nobodys = dataclasses.replace(refund, refund_id=new_id(), parts=(PartRefunded(1234, home, 100, 0),))
    with pytest.raises(InvoiceMissing):
        issue_credit_notes(make.system(at=clock()), refund=nobodys)
    with pytest.raises(NotFound):
        issue_sale_invoice(make.system(at=clock()), order_id=1234)


def test_what_was_issued_cannot_be_changed_or_deleted(world: Any) -> None:
    for statement in (
        "UPDATE invoicing_invoice SET gross_minor = 1, net_minor = 1, vat_minor = 0",
        "DELETE FROM invoicing_invoice",
        'INSERT INTO invoicing_invoice SELECT (json_populate_record(i, \'{"id": "018f0000-0000-7000-8000-000000000000",'
        ' "number": 77, "source": "x"}\')).* FROM invoicing_invoice i LIMIT 1',
    ):
        with (
            pytest.raises(DatabaseError, match=r"refused|gap"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_numbers_have_no_gap_whoever_comes_at_once_and_whatever_is_rolled_back(
    world: Any, clock: Clock
) -> None:
    """Twelve at once take numbers of one series; a third of them fail after taking theirs: the rest close up."""
    _, _, orders, (home, _, _) = world
    refunds = [
        RefundPromised(
            new_id(), new_id(), new_id(), str(n), "asked", (PartRefunded(orders[home], home, 10, 0),), 10, "EUR", "t", clock()
        )
        for n in range(12)
    ]  # fmt: skip
    start, failures = threading.Barrier(12), []

    def run(place: int) -> None:
        start.wait()
        try:
            with transaction.atomic():
                issue_credit_notes(make.system(at=clock()), refund=refunds[place])
                if place % 3 == 0:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    rows = Invoice.objects.of(make.system()).filter(kind="sale_credit", seller_id=home).order_by("number")
    assert [row.number for row in rows] == list(range(1, 9))
    assert [row.issued_on for row in rows] == sorted(row.issued_on for row in rows)
