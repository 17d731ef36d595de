"""Money: what is held, owed and earned, from the postings; each figure leads to the postings behind it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, take_away, where_of
from entrepot.console.words import account_words
from entrepot.kit.errors import NotFound
from entrepot.ledger.queries import (
    AccountRef,
    BalanceLine,
    TransferView,
    statement_of_account,
    transfer_by_external_id,
    transfers_by_subject,
    trial_balance,
    unbalanced_transfers,
)
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.web import context_of

# The groups people ask for first, in this order; every other kind of account follows in the trial balance.
GROUPS = (
    "escrow",
    "escrow_frozen",
    "seller_payable",
    "tax_owed",
    "duty_owed",
    "provider_clearing",
    "refund_due",
    "platform_commission",
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Group:
    """All accounts of one kind and currency: how many, and what they hold together."""

    kind: str
    currency: str
    minor: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Row:
    """One account of the trial balance with a name for people and the address of its statement."""

    line: BalanceLine
    name: str
    href: str


def account_href(account: AccountRef) -> str:
    """The address of an account's statement."""
    return "/console/money/account?" + urlencode(account._asdict())


def owner_names(owners: Iterable[str]) -> dict[str, str]:
    """Names of the owners that are sellers, one SQL statement."""
    ids = {
        owner: match[0] for owner in owners if owner.startswith("seller:") and (match := _UUID.search(owner))
    }
    sellers = sellers_by_id(UUID(text) for text in ids.values())
    return {owner: sellers[UUID(text)].display_name for owner, text in ids.items() if UUID(text) in sellers}


def _rows(lines: list[BalanceLine]) -> list[Row]:
    names = owner_names(line.account.owner for line in lines)
    return [
        Row(line, names.get(line.account.owner, line.account.owner), account_href(line.account))
        for line in lines
    ]


@desk(scope="ledger:read")
def money_home(request: HttpRequest) -> HttpResponse:
    """What is held and owed now, and the proof that the books balance."""
    lines = trial_balance()
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in lines:
        groups[line.account.kind, line.account.currency].append(line.minor)
    sums = [Group(kind, currency, sum(minors), len(minors)) for (kind, currency), minors in groups.items()]
    place = {kind: number for number, kind in enumerate(GROUPS)}
    sums.sort(key=lambda group: (place.get(group.kind, 99), group.kind, group.currency))
    totals: dict[str, tuple[int, int]] = {}
    for line in lines:
        debit, credit = totals.get(line.account.currency, (0, 0))
        totals[line.account.currency] = (debit + line.debit_minor, credit + line.credit_minor)
    by_kind = [line for line in lines if line.account.kind in ("tax_owed", "duty_owed", "seller_payable")]
    data = {
        "first": [group for group in sums if group.kind in place],
        "groups": sums,
        "totals": totals,
        "authorities": _rows([line for line in by_kind if line.account.kind != "seller_payable"]),
        "sellers": sorted(
            _rows([line for line in by_kind if line.account.kind == "seller_payable"]),
            key=lambda row: -row.line.minor,
        )[:20],
        "unbalanced": unbalanced_transfers(limit=10),
        "account_words": account_words,
    }
    return show(request, "money.jinja", data)


@desk(scope="ledger:read")
def money_csv(request: HttpRequest) -> HttpResponse:
    """The trial balance as a file."""
    columns = ("account", "owner", "currency", "debit_minor", "credit_minor")
    rows = [(*line.account, line.debit_minor, line.credit_minor) for line in trial_balance()]
    return take_away("trial-balance", columns, rows, context_of(request).at)


@desk(scope="ledger:read")
def kind_page(request: HttpRequest, kind: str) -> HttpResponse:
    """Every account of one kind that holds something, the largest first."""
    found = _rows([line for line in trial_balance() if line.account.kind == kind])
    found.sort(key=lambda row: -abs(row.line.minor))
    data = {"kind": kind, "rows": found[:500], "count": len(found), "account_words": account_words}
    return show(request, "money_kind.jinja", data)


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None


@desk(scope="ledger:read")
def account_page(request: HttpRequest) -> HttpResponse:
    """The statement of one account over a period (default: the last 31 days), newest last."""
    account = AccountRef(*(request.GET.get(name, "")[:80] for name in ("kind", "owner", "currency")))
    until = _day(request.GET.get("until", "")) or context_of(request).at
    since = _day(request.GET.get("since", "")) or until - timedelta(days=31)
    end = until + timedelta(days=1)
    try:
        lines = statement_of_account(account, since_at=since, until_at=end, limit=1_000)
    except KeyError:
        raise NotFound(what="account") from None
    if request.GET.get("file") == "csv":
        columns = ("at", "transfer", "kind", "subject", "note", "minor", "balance_minor", "currency")
        rows = [
            (line.at.isoformat(), line.external_id, line.kind, line.subject, line.note, line.minor, line.balance_minor,
             account.currency)
            for line in lines
        ]  # fmt: skip
        return take_away("statement", columns, rows, context_of(request).at)
    data = {
        "a": account,
        "name": owner_names([account.owner]).get(account.owner, account.owner),
        "lines": lines,
        "since": since.date().isoformat(),
        "until": until.date().isoformat(),
        "account_words": account_words,
        "subject_href": subject_href,
        "where": where_of(request),
    }
    return show(request, "money_account.jinja", data)


def subject_href(subject: str) -> str:
    """Where a transfer's subject leads: an order's page, or its transfers."""
    return "/console/money/about?" + urlencode({"subject": subject})


@desk(scope="ledger:read")
def transfer_page(request: HttpRequest) -> HttpResponse:
    """One transfer with its postings."""
    found = transfer_by_external_id(request.GET.get("id", "")[:120])
    return show(request, "money_transfers.jinja", _transfers(request, [found], found.external_id))


@desk(scope="ledger:read")
def subject_page(request: HttpRequest) -> HttpResponse:
    """Every transfer about one thing, oldest first."""
    subject = request.GET.get("subject", "")[:80]
    return show(request, "money_transfers.jinja", _transfers(request, transfers_by_subject(subject), subject))


def _transfers(request: HttpRequest, transfers: list[TransferView], title: str) -> dict[str, object]:
    owners = {posting.account.owner for transfer in transfers for posting in transfer.postings}
    return {
        "title": title,
        "transfers": transfers,
        "names": owner_names(owners),
        "account_words": account_words,
        "account_href": account_href,
        "subject_href": subject_href,
    }
