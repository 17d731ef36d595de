"""Providers' own reports read: Stripe's itemised balance report and Alipay's trade bill, both as the files people download.

Formats: Stripe's “Balance change from activity, itemized” (docs.stripe.com/reports/balance; amounts in major units, the
sign as Stripe's balance sees it), and the CSV of `alipay.data.dataservice.bill.downloadurl.query` with bill type `trade`.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from entrepot.kit.errors import Sentence
from entrepot.kit.money import exponent_of, to_minor
from entrepot.payments.errors import ProviderReportWrong

BODY_MAX: Final = 50_000_000
LINES_MAX: Final = 200_000
# What of a report is about one of our payments, and compared with it.
PAID: Final = frozenset({"capture", "refund", "chargeback"})

_STRIPE: Final = {
    "charge": "capture", "partial_capture_reversal": "capture", "charge_failure": "capture",
    "refund": "refund", "refund_failure": "refund", "dispute": "chargeback", "dispute_reversal": "chargeback",
    "fee": "fee", "payout": "payout", "payout_reversal": "payout", "transfer": "transfer",
    "transfer_reversal": "transfer",
}  # fmt: skip
_STRIPE_COLUMNS: Final = (
    "balance_transaction_id", "created_utc", "currency", "gross", "fee", "reporting_category", "source_id",
    "payment_metadata[reference]",
)  # fmt: skip
_ALIPAY: Final = {"交易": ("capture", 1), "退款": ("refund", -1)}
_ALIPAY_COLUMNS: Final = ("支付宝交易号", "商户订单号", "业务类型", "完成时间", "商家实收（元）", "退款批次号/请求号", "服务费（元）")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One movement a provider tells of. `minor` above zero came to us, `fee_minor` was kept of it; minor units.

    `kind`: capture, refund, chargeback, fee, payout (to our bank), transfer (to a seller's account), other.
    `payment_id` is ours, where the line names it; `source_id` the provider's own thing.
    """

    line_id: str
    kind: str
    booked_on: date
    minor: int
    fee_minor: int
    currency: str
    payment_id: UUID | None
    source_id: str
    text: str


def read_report(provider: str, body: bytes) -> list[ReportLine]:
    """Every line of a provider's report. Raises ProviderReportWrong: no such report, a column is missing, a bad value."""
    if len(body) > BODY_MAX:
        raise ProviderReportWrong(reason="it is larger than 50 MB.")
    reader = READERS.get(provider)
    if reader is None:
        raise ProviderReportWrong(reason="we read no report of this provider.")
    lines = reader(body)
    if not lines:
        raise ProviderReportWrong(reason="it has no lines.")
    if len(lines) > LINES_MAX:
        raise ProviderReportWrong(reason="it has more than 200,000 lines; take a shorter period.")
    if len({line.line_id for line in lines}) != len(lines):
        raise ProviderReportWrong(reason="a line stands in it twice.")
    return lines


def _stripe(body: bytes) -> list[ReportLine]:
    rows = _rows(_text(body, ("utf-8-sig",)).splitlines(), _STRIPE_COLUMNS)
    found = []
    for number, row in enumerate(rows, 2):
        currency = row["currency"].upper()
        found.append(
            ReportLine(
                line_id=_said(row["balance_transaction_id"], number, "balance_transaction_id"),
                kind=_STRIPE.get(row["reporting_category"], "other"),
                booked_on=_day(row["created_utc"], number),
                minor=_amount(row["gross"], currency, number),
                fee_minor=_amount(row["fee"], currency, number),
                currency=currency,
                payment_id=_uuid(row["payment_metadata[reference]"]),
                source_id=row["source_id"][:80],
                text=(row.get("description") or row["reporting_category"])[:300],
            )
        )
    return found


def _alipay(body: bytes) -> list[ReportLine]:
    """Lines that begin with # are its heading and sums. The sign stands in the kind of business, not in the amount."""
    text = _text(_unpacked(body), ("utf-8-sig", "gb18030"))
    kept = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for number, row in enumerate(_rows(kept, _ALIPAY_COLUMNS), 2):
        kind, sign = _ALIPAY.get(row["业务类型"], ("other", 1))
        trade = _said(row["支付宝交易号"], number, "支付宝交易号")
        again = row["退款批次号/请求号"]
        found.append(
            ReportLine(
                line_id=f"{trade}/{again}" if kind == "refund" else trade,
                kind=kind,
                booked_on=_day(row["完成时间"], number),
                minor=sign * abs(_amount(row["商家实收（元）"], "CNY", number)),
                fee_minor=sign * abs(_amount(row["服务费（元）"] or "0", "CNY", number)),
                currency="CNY",
                payment_id=_uuid(row["商户订单号"]),
                source_id=trade[:80],
                text=(row.get("商品名称") or "")[:300],
            )
        )
    return found


READERS: Final[Mapping[str, Callable[[bytes], list[ReportLine]]]] = {"stripe": _stripe, "alipay": _alipay}


def _unpacked(body: bytes) -> bytes:
    """The CSV with the trades out of the ZIP that Alipay gives, or the file as it is."""
    if not body.startswith(b"PK"):
        return body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for info in packed.infolist():
                if info.file_size > BODY_MAX:
                    raise ProviderReportWrong(reason="it is larger than 50 MB.")
                inside = packed.read(info)
                if any(
                    name.encode(code) in inside for name in ("支付宝交易号",) for code in ("gb18030", "utf-8")
                ):
                    return inside
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ProviderReportWrong(reason="it cannot be unpacked.") from error
    raise ProviderReportWrong(reason="no file in it lists trades.")


def _text(body: bytes, codes: Iterable[str]) -> str:
    for code in codes:
        try:
            return body.decode(code)
        except UnicodeDecodeError:
            continue
    raise ProviderReportWrong(reason="it is not text.")


def _rows(lines: list[str], needed: Iterable[str]) -> list[dict[str, str]]:
    """The rows by column, trimmed. Raises ProviderReportWrong naming the column that is missing."""
    try:
        reader = csv.DictReader(lines, strict=True)
        known = {name.strip() for name in reader.fieldnames or ()}
        rows = [
            {(name or "").strip(): value.strip() for name, value in row.items() if isinstance(value, str)}
            for row in reader
        ]
    except csv.Error as error:
        raise ProviderReportWrong(reason="it is not CSV.") from error
    for name in needed:
        if name not in known:
            raise ProviderReportWrong(reason=Sentence("the column “{name}” is missing.", name=name))
    for number, row in enumerate(rows, 2):
        if not set(needed) <= row.keys():
            raise ProviderReportWrong(reason=Sentence("line {number} is cut off.", number=number))
    return rows


def _said(value: str, number: int, name: str) -> str:
    if not value or len(value) > 80:
        raise ProviderReportWrong(
            reason=Sentence("line {number} has no {name} that we can read.", number=number, name=name)
        )
    return value


def _amount(text: str, currency: str, number: int) -> int:
    try:
        amount = Decimal(text)
        if not amount.is_finite() or -amount.as_tuple().exponent > max(exponent_of(currency), 2):  # type: ignore[operator]
            raise InvalidOperation
        return to_minor(amount, currency)
    except (InvalidOperation, ValueError, KeyError) as error:
        raise ProviderReportWrong(
            reason=Sentence(
                "line {number}: “{text}” is not an amount of {currency}.",
                number=number,
                text=text[:20],
                currency=currency[:3],
            )
        ) from error


def _day(text: str, number: int) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise ProviderReportWrong(
            reason=Sentence("line {number}: “{text}” is not a day.", number=number, text=text[:20])
        ) from error


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
