"""The load of the intake's benchmarks: a million offers, half of the lines on a hundred hot ones, every check on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from entrepot.intake import status
from entrepot.intake.book import Book
from entrepot.intake.layout import Block

HOT = 100
COUPONS = 16


@njit(cache=True, nogil=True)
def stamp_keys(key_hi: Any, key_lo: Any, count: Any, now_ms: Any, luck: Any) -> None:
    """Fresh UUIDv7 keys (xorshift64* for their random bits; `luck` is its state)."""
    x = luck[0]
    for i in range(count):
        x ^= x >> np.uint64(12)
        x ^= x << np.uint64(25)
        x ^= x >> np.uint64(27)
        r = x * np.uint64(0x2545F4914F6CDD1D)
        key_hi[i] = np.uint64(now_ms) << np.uint64(16) | np.uint64(0x7000) | (r >> np.uint64(52))
        key_lo[i] = np.uint64(1) << np.uint64(63) | (r & np.uint64((1 << 62) - 1))
    luck[0] = x


def open_million(book: Book, offers: int, luck: np.random.Generator) -> list[Block]:
    """Blocks that open `offers` counters with an offer each, and some coupons; every tenth offer has a limit."""
    prices = prices_of(offers)
    blocks = []
    size = status.MAX_BATCH // 2
    for start in range(0, offers, size):
        n = min(size, offers - start)
        block = Block(2 * n, n, n, counts=(2 * n, n, n))
        numbers = np.arange(start, start + n)
        block["kind"][:n], block["kind"][n:] = status.OPEN_COUNTER, status.SET_OFFER
        block["rows"][:] = 1
        block["target"][:], block["price"][:], block["counter"][:] = numbers, 1 << 40, -1
        block["set_offer"][:] = block["set_counter"][:] = numbers
        block["set_price"][:], block["set_version"][:] = prices[start : start + n], 1
        block["closes_ms"][:] = 1 << 60
        block["set_limit"][:] = np.where(numbers % 10 == 0, 1 << 30, 0)
        blocks.append(block)
    coupons = Block(COUPONS, COUPONS, 0, counts=(COUPONS, COUPONS, 0))
    coupons["kind"][:], coupons["rows"][:], coupons["counter"][:] = status.OPEN_COUNTER, 1, -1
    coupons["target"][:], coupons["price"][:] = np.arange(offers, offers + COUPONS), 1 << 50
    coupons["quantity"][:] = status.COUNTER_KINDS.index("coupon")
    return [*blocks, coupons]


def prices_of(offers: int) -> Any:
    return 100 + np.arange(offers) * 7919 % 50_000


def order_blocks(
    count: int, offers: int, luck: np.random.Generator, *, size: int = status.MAX_BATCH
) -> list[Block]:
    """Blocks of `size` orders: 1 to 4 lines, half of the lines on hot offers, a coupon on every tenth, 1 in 100 at a stale price."""
    prices = prices_of(offers)
    blocks = []
    for _ in range(count):
        lines = luck.integers(1, 5, size)
        coupon = luck.random(size) < 0.1
        rows = lines + coupon
        m = int(rows.sum())
        block = Block(size, m, 0, counts=(size, m, 0))
        last = np.cumsum(rows) - 1
        target = np.where(luck.random(m) < 0.5, luck.integers(0, HOT, m), luck.integers(0, offers, m))
        stale = luck.random(m) < 0.004
        block["kind"][:], block["rows"][:] = status.PLACE, rows
        block["ref"][:], block["party"][:] = luck.integers(0, 1 << 40, size), luck.integers(0, 1 << 40, size)
        block["target"][:], block["counter"][:] = target, -1
        block["price"][:], block["quantity"][:] = prices[target] + stale, luck.integers(1, 4, m)
        at = last[coupon]
        block["target"][at] = offers + luck.integers(0, COUPONS, len(at))
        block["price"][at], block["quantity"][at], block["flags"][at] = (
            luck.integers(1, 500, len(at)),
            0,
            status.PLAIN,
        )
        blocks.append(block)
    return blocks


def hot_block(offer: int, price: int, luck: np.random.Generator, size: int = status.MAX_BATCH) -> Block:
    """Orders for one piece of one offer."""
    block = Block(size, size, 0, counts=(size, size, 0))
    block["kind"][:], block["rows"][:], block["ref"][:] = status.PLACE, 1, 1
    block["party"][:] = luck.integers(0, 1 << 40, size)
    block["target"][:], block["price"][:], block["quantity"][:], block["counter"][:] = offer, price, 1, -1
    return block
