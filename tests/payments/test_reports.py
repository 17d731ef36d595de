"""Providers' reports: read strictly, booked once, compared with what we know of each payment."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.payments.adapters.reports import read_report
from entrepot.payments.errors import ProviderReportWrong

HEAD = (
    "balance_transaction_id,created_utc,created,currency,gross,fee,net,reporting_category,source_id,description,"
    "payment_metadata[reference]"
)
OURS = UUID(int=7)
ALIPAY_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
    "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)


def stripe_csv(*rows: tuple[str, str, str, str, Any], day: str = "2026-11-20") -> bytes:
    """(id, reporting category, gross, fee, our payment or empty) as Stripe writes them: major units, its own sign."""
    lines = [
        f'{name},{day} 10:00:00,{day} 11:00:00,eur,{gross},{fee},0,{category},src_{name},"Casa, {name}",{about}'
        for name, category, gross, fee, about in rows
    ]
    return "\n".join([HEAD, *lines]).encode()


def alipay_csv(*rows: tuple[str, str, str, str, str, str]) -> bytes:
    """(trade, our payment, kind, received, refund request, fee) inside the heading and the sums that Alipay adds."""
    lines = [
        f"{trade}\t,{order}\t,{kind},Casa,2026-11-20 09:00:00,2026-11-20 09:00:05,,,,,a***@x,{paid},{paid},0.00,0.00,"
        f"0.00,0.00,0.00,,0.00,0.00,{again},{fee},0.00,"
        for trade, order, kind, paid, again, fee in rows
    ]
    head = ["#支付宝业务明细查询", "#账号：[20880000]", "#-----业务明细列表-----", ALIPAY_HEAD]
    return "\n".join([*head, *lines, "#-----业务明细列表结束-----", "#交易合计：1笔"]).encode("gb18030")


def test_stripes_report() -> None:
    body = stripe_csv(
        ("txn_1", "charge", "24.50", "0.61", OURS),
        ("txn_2", "refund", "-4.50", "0", OURS),
        ("txn_3", "payout", "-19.39", "0", ""),
        ("txn_4", "climate_order_purchase", "-1.00", "0.00", ""),
    )
    found = read_report("stripe", body)
    assert [(line.kind, line.minor, line.fee_minor, line.payment_id) for line in found] == [
        ("capture", 2450, 61, OURS), ("refund", -450, 0, OURS), ("payout", -1939, 0, None), ("other", -100, 0, None),
    ]  # fmt: skip
    assert (found[0].booked_on, found[0].currency, found[0].text) == (
        date(2026, 11, 20),
        "EUR",
        "Casa, txn_1",
    )


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_alipays_bill(sign: str, is_packed: bool) -> None:
    """Whatever sign it writes: a payment came, a refund went, and the fee follows."""
    body = alipay_csv(
        ("2026112022001", OURS.hex, "交易", "88.00", "", f"{sign}0.53"),
        ("2026112022001", OURS.hex, "退款", f"{sign}8.00", "R1", "0.05"),
    )
    if is_packed:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("sum.csv", "#汇总".encode("gb18030"))
            archive.writestr("detail.csv", body)
        body = packed.getvalue()
    found = read_report("alipay", body)
    assert [(one.line_id, one.kind, one.minor, one.fee_minor, one.payment_id) for one in found] == [
        ("2026112022001", "capture", 8800, 53, OURS),
        ("2026112022001/R1", "refund", -800, -5, OURS),
    ]


@pytest.mark.parametrize(
    ("provider", "body", "says"),
    [
        ("paypal", b"x", "no report of this provider"),
        ("stripe", b"", "missing"),
        ("stripe", HEAD.encode(), "no lines"),
        ("stripe", b"\xff\xfe\x00", "not text"),
        ("stripe", HEAD.replace(",fee", "").encode() + b"\nx", "fee"),
        ("stripe", stripe_csv(("t", "charge", "1.5O", "0", "")), "1.5O"),
        ("stripe", stripe_csv(("t", "charge", "NaN", "0", "")), "NaN"),
        ("stripe", stripe_csv(("t", "charge", "1.005", "0", "")), "1.005"),
        ("stripe", stripe_csv(("t", "charge", "1", "0", ""), ("t", "charge", "1", "0", "")), "twice"),
        ("stripe", stripe_csv(("t", "charge", "1", "0", ""), day="20/11/2026"), "not a day"),
        ("stripe", stripe_csv(("", "charge", "1", "0", "")), "line 2"),
        ("alipay", b"PK\x03\x04", "unpacked"),
        ("alipay", stripe_csv(("t", "charge", "1", "0", "")), "missing"),
    ],
)
def test_what_cannot_be_read_is_named(provider: str, body: bytes, says: str) -> None:
    with pytest.raises(ProviderReportWrong) as refused:
        read_report(provider, body)
    assert says in str(refused.value)


@given(st.binary(max_size=400), st.sampled_from(["stripe", "alipay"]))
def test_any_bytes_are_read_or_refused(body: bytes, provider: str) -> None:
    for sent in (body, HEAD.encode() + b"\n" + body, ALIPAY_HEAD.encode() + b"\n" + body):
        with suppress(ProviderReportWrong):
            assert read_report(provider, sent)


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 10**6)), min_size=1, max_size=20))
def test_no_cent_is_lost_in_reading(amounts: list[tuple[int, int]]) -> None:
    rows = [
        (f"txn_{number}", "charge", f"{minor / 100:.2f}", f"{fee / 100:.2f}", uuid4())
        for number, (minor, fee) in enumerate(amounts)
    ]
    assert [(line.minor, line.fee_minor) for line in read_report("stripe", stripe_csv(*rows))] == amounts
