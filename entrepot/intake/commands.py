"""The intake's client: commands go in together, each gets its decision back.

    decisions = submit([Place(key=mint_key(ctx.at), checkout_ref=7, buyer=42, lines=(PlaceLine(offer=9, quantity=1, price_minor=1900),))])

A key is a UUIDv7 that says when it was made. Send the same key again and you get the first decision again, for 24 hours;
after a refusal, a new attempt needs a new key. When `submit` raises Busy the outcome may be unknown: submit the same commands
again, keys and all.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from entrepot.intake import status
from entrepot.intake.client import current_client
from entrepot.intake.client import use as use  # which client is used belongs to the window
from entrepot.intake.layout import Block
from entrepot.intake.status import Code, CounterKind
from entrepot.intake.tokens import make_token, secret_for
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import uuid7_at

_INT31: Final = (1 << 31) - 1
_INT63: Final = (1 << 63) - 1
MAX_SALE_OFFERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class OpenCounter:
    """Start counting something: `counter` is its number, `amount` what it holds. Opening it again changes nothing."""

    counter: int
    kind: CounterKind
    amount: int = 0


@dataclass(frozen=True, slots=True)
class SetOffer:
    """Tell the intake an offer's price, window and limit. An older `version` than the one it knows changes nothing.

    Open from `opens_at` until before `closes_at` (aware; None: always). `limit_per_buyer` counts pieces taken from the
    counter through limited offers; 0: no limit. To close an offer, set `closes_at` to now.
    """

    offer: int
    counter: int
    price_minor: int
    version: int
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    limit_per_buyer: int = 0


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """`quantity` pieces of an offer at the price (minor units, per piece) that the shopper saw."""

    offer: int
    quantity: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class Take:
    """An amount straight from a counter: a coupon's use, a subsidy in minor units, a delivery slot."""

    counter: int
    amount: int


@dataclass(frozen=True, slots=True)
class Place:
    """Reserve everything or nothing. `checkout_ref` and `buyer` are opaque numbers (0 to 2^63 - 1)."""

    key: UUID
    checkout_ref: int
    buyer: int
    lines: tuple[PlaceLine, ...]
    takes: tuple[Take, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjust:
    """Add `delta` to a counter (restock, correction). Refused `sold_out` when that would leave less than nothing."""

    counter: int
    delta: int
    key: UUID


@dataclass(frozen=True, slots=True)
class Release:
    """Give back everything a placed order took; once, whatever the key."""

    order_id: int
    key: UUID


Command = OpenCounter | SetOffer | Place | Adjust | Release


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a command.

    `order_id` of an accepted Place. For a refusal, `line` is the refused line (an index into lines, then takes) and
    `left` what is left of its counter, or of the buyer's limit. `repeated`: this key was decided before.
    """

    code: Code
    order_id: int | None = None
    line: int | None = None
    left: int | None = None
    repeated: bool = False

    @property
    def is_accepted(self) -> bool:
        return self.code == "accepted"


def submit(commands: Sequence[Command]) -> list[Decision]:
    """Have commands decided, in their order; each decision is durable when this returns.

    Raises Invalid for a command no shop could mean (nothing is submitted), Busy when the writer is down or full
    (503; try the same commands again).
    """
    decisions: list[Decision] = []
    prepared = [_prepare(command) for command in commands]
    chunk: list[_Prepared] = []
    rows = 0
    for item in prepared:
        if len(chunk) == status.MAX_BATCH // 2 or rows + len(item.takes) > 16_384:
            decisions += _ask(chunk)
            chunk, rows = [], 0
        chunk.append(item)
        rows += len(item.takes)
    if chunk:
        decisions += _ask(chunk)
    return decisions


def mint_key(at: datetime) -> UUID:
    """A new key for an attempt that begins at `at` (the door's clock: the key's age is counted from it)."""
    return uuid7_at(_ms(at), secrets.randbits(74))


def key_for(cause: str, at: datetime) -> UUID:
    """The key that always belongs to this cause at this instant: for reactions, which may run twice."""
    luck = int.from_bytes(hashlib.blake2b(cause.encode(), digest_size=10).digest(), "big") >> 6
    return uuid7_at(_ms(at), luck)


def order_ticket(*, checkout_ref: int, buyer: int, expires_at: datetime) -> str:
    """A signed ticket with which a shopper may place this checkout's order at the edge, until it expires."""
    from django.conf import settings

    secret = secret_for("order ticket", settings.SECRET_KEY)
    ref = _whole(checkout_ref, "checkout_ref", 0, _INT63)
    return make_token(secret, int(expires_at.timestamp()), ref, _whole(buyer, "buyer", 0, _INT63))


@command(scope="markets:write")
def open_sale(
    ctx: Context,
    *,
    title: str,
    offers: Sequence[int],
    admit_per_s: int,
    opens_at: datetime,
    closes_at: datetime,
    path: str,
) -> int:
    """Put a waiting room before these offers; returns the sale's number. The edge knows it within two seconds.

    Until `closes_at` the offers can be ordered, here and at the edge, only with a passport of the room, which lets
    `admit_per_s` people a second in from `opens_at` on and sends them to this page of the shop. Refuses: Invalid.
    """
    from entrepot.intake.models import Sale

    numbers = sorted({_whole(offer, "offers", 0, _INT31) for offer in offers})
    if not numbers or len(numbers) > MAX_SALE_OFFERS:
        raise Invalid(
            field="offers", reason=_("A sale has 1 to %(most)s offers.") % {"most": MAX_SALE_OFFERS}
        )
    if not 0 < len(title.strip()) <= 120:
        raise Invalid(field="title", reason=_("A sale has a name of at most 120 characters."))
    if closes_at <= max(opens_at, ctx.at):
        raise Invalid(field="closes_at", reason=_("A sale closes after it opens, and in the future."))
    if not path.startswith("/") or path.startswith("//") or not path.isprintable() or len(path) > 300:
        raise Invalid(field="path", reason=_("This is not a page of the shop: it begins with one “/”."))
    row = Sale.objects.create(
        title=title.strip(),
        offers=numbers,
        admit_per_s=_whole(admit_per_s, "admit_per_s", 1, 100_000),
        opens_at=opens_at,
        closes_at=closes_at,
        url=path,
    )
    audit.record(
        ctx, audit.subject_of(row), {}, {"title": row.title, "offers": numbers, "admit_per_s": admit_per_s}
    )
    return int(row.pk)


@command(scope="markets:write")
def close_sale(ctx: Context, *, number: int) -> None:
    """End a sale's waiting room now; its offers can be ordered without it. Refuses: NotFound."""
    from entrepot.intake.models import Sale

    row = Sale.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what="sale")
    if row.closes_at > ctx.at:
        audit.change(ctx, row, opens_at=min(row.opens_at, ctx.at), closes_at=ctx.at)


@dataclass(slots=True)
class _Prepared:
    """A command as numbers. `lines` leads a merged line back to the caller's."""

    command: tuple[int, int, int, int, int]  # key_hi, key_lo, ref, party, kind
    takes: list[tuple[int, int, int, int]]  # price, target, quantity, flags
    offer: tuple[int, int, int, int, int, int, int] | None = None
    lines: list[int] | None = None


def _whole(value: object, field: str, low: int, high: int) -> int:
    if type(value) is not int:
        raise Invalid(field=field, reason=f"“{str(value)[:40]}” is not a whole number.")
    if not low <= value <= high:
        raise Invalid(field=field, reason=f"{value} is not between {low} and {high}.")
    return value


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _key(key: UUID, field: str = "key") -> tuple[int, int]:
    if not isinstance(key, UUID) or key.version != 7:
        raise Invalid(
            field=field, reason=f"“{str(key)[:60]}” is not a UUIDv7.", hint="Mint it with the checkout."
        )
    return key.int >> 64, key.int & ((1 << 64) - 1)


def _prepare(command: Command) -> _Prepared:
    if isinstance(command, Place):
        return _prepare_place(command)
    if isinstance(command, Adjust):
        high, low = _key(command.key)
        counter = _whole(command.counter, "counter", 0, _INT31)
        delta = _whole(command.delta, "delta", -status.WHOLE_LIMIT, status.WHOLE_LIMIT)
        return _Prepared((high, low, 0, 0, status.ADJUST), [(delta, counter, 0, 0)])
    if isinstance(command, Release):
        high, low = _key(command.key)
        order = _whole(command.order_id, "order_id", 0, _INT63)
        return _Prepared((high, low, order, 0, status.RELEASE), [])
    if isinstance(command, OpenCounter):
        if command.kind not in status.COUNTER_KINDS:
            raise Invalid(field="kind", reason=f"“{str(command.kind)[:40]}” is no kind of counter.")
        counter = _whole(command.counter, "counter", 0, _INT31)
        amount = _whole(command.amount, "amount", 0, status.WHOLE_LIMIT)
        kind = status.COUNTER_KINDS.index(command.kind)
        return _Prepared((0, 0, 0, 0, status.OPEN_COUNTER), [(amount, counter, kind, 0)])
    opens = 0 if command.opens_at is None else _ms(command.opens_at)
    closes = _INT63 if command.closes_at is None else _ms(command.closes_at)
    return _Prepared(
        (0, 0, 0, 0, status.SET_OFFER),
        [],
        (
            _whole(command.price_minor, "price_minor", 0, status.WHOLE_LIMIT),
            _whole(opens, "opens_at", 0, _INT63),
            _whole(closes, "closes_at", 0, _INT63),
            _whole(command.version, "version", 0, _INT63),
            _whole(command.offer, "offer", 0, _INT31),
            _whole(command.counter, "counter", 0, _INT31),
            _whole(command.limit_per_buyer, "limit_per_buyer", 0, _INT31),
        ),
    )


def _prepare_place(place: Place) -> _Prepared:
    """Check a Place and merge lines on one offer. Refuses: Invalid, naming the field."""
    high, low = _key(place.key)
    ref = _whole(place.checkout_ref, "checkout_ref", 0, _INT63)
    buyer = _whole(place.buyer, "buyer", 0, _INT63)
    if not place.lines:
        raise Invalid(field="lines", reason="An order needs at least one line.")
    if len(place.lines) > status.MAX_LINES:
        raise Invalid(
            field="lines", reason=f"{len(place.lines)} lines, but an order holds {status.MAX_LINES}."
        )
    if len(place.takes) > status.MAX_TAKES - status.MAX_LINES:
        raise Invalid(field="takes", reason=f"{len(place.takes)} takes are too many.")
    merged: dict[int, list[int]] = {}
    first: list[int] = []
    for i, line in enumerate(place.lines):
        offer = _whole(line.offer, f"lines.{i}.offer", 0, _INT31)
        quantity = _whole(line.quantity, f"lines.{i}.quantity", 1, _INT31)
        price = _whole(line.price_minor, f"lines.{i}.price_minor", 0, status.WHOLE_LIMIT)
        if offer in merged:
            if merged[offer][0] != price:
                raise Invalid(
                    field=f"lines.{i}.price_minor", reason=f"Offer {offer} stands in two lines at two prices."
                )
            merged[offer][1] = _whole(merged[offer][1] + quantity, f"lines.{i}.quantity", 1, _INT31)
        else:
            merged[offer] = [price, quantity]
            first.append(i)
    if sum(price * quantity for price, quantity in merged.values()) > status.WHOLE_LIMIT:
        raise Invalid(field="lines", reason="The sum passes 2^53 minor units.")
    takes = [(price, offer, quantity, 0) for offer, (price, quantity) in merged.items()]
    for i, take in enumerate(place.takes):
        counter = _whole(take.counter, f"takes.{i}.counter", 0, _INT31)
        amount = _whole(take.amount, f"takes.{i}.amount", 1, status.WHOLE_LIMIT)
        takes.append((amount, counter, 0, status.PLAIN))
        first.append(len(place.lines) + i)
    return _Prepared((high, low, ref, buyer, status.PLACE), takes, lines=first)


def _block_of(items: Sequence[_Prepared]) -> Block:
    takes = [take for item in items for take in item.takes]
    offers = [item.offer for item in items if item.offer is not None]
    counts = (len(items), len(takes), len(offers))
    block = Block(*counts, counts=counts)
    if items:
        for name, column in zip(
            ("key_hi", "key_lo", "ref", "party", "kind"),
            zip(*[item.command for item in items], strict=True),
            strict=True,
        ):
            block[name][:] = column
        block["rows"][:] = [1 if item.offer is not None else len(item.takes) for item in items]
    if takes:
        for name, column in zip(
            ("price", "target", "quantity", "flags"), zip(*takes, strict=True), strict=True
        ):
            block[name][:] = column
        block["counter"][:] = -1
    if offers:
        names = ("set_price", "opens_ms", "closes_ms", "set_version", "set_offer", "set_counter", "set_limit")
        for name, column in zip(names, zip(*offers, strict=True), strict=True):
            block[name][:] = column
    return block


def _ask(items: Sequence[_Prepared]) -> list[Decision]:
    answers = current_client().ask(_block_of(items))
    return [
        _decision(item, int(code), int(line), int(order), int(left))
        for item, code, line, order, left in zip(
            items,
            answers.code.tolist(),
            answers.line.tolist(),
            answers.order.tolist(),
            answers.left.tolist(),
            strict=True,
        )
    ]


def _decision(item: _Prepared, code: int, line: int, order: int, left: int) -> Decision:
    shown: int | None = None
    if line != status.NO_LINE:
        shown = item.lines[line] if item.lines is not None else line
    return Decision(
        code=status.CODES[code & status.CODE_MASK],
        order_id=None if order < 0 else order,
        line=shown,
        left=None if left < 0 else left,
        repeated=bool(code & status.REPEATED),
    )
