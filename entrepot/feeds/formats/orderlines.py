"""A shop's order lines → its articles: most frequent description, latest usual price, and every line left out with why.

The price of an article is the unit price most often charged in the last month in which it sold (of two, the later).
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal, InvalidOperation

from entrepot.feeds.formats.tables import Table
from entrepot.feeds.rows import Feed, Problem, SourceRow

# A stock code has four digits or more; what has not is postage, a fee, a sample or a correction, and GIFT_ a voucher.
_ARTICLE = re.compile(r"(?!GIFT)[A-Z]*\d{4,}[A-Z]{0,4}")
SALE, DUPLICATE, CANCELLED, NOT_A_SALE, NOT_AN_ARTICLE, NO_DESCRIPTION = range(6)
LINE_CODES = ("", "duplicate", "cancelled", "not_a_sale", "not_an_article", "no_description")


class _Article:
    __slots__ = ("descriptions", "first", "lines", "month", "prices")

    def __init__(self, first: int) -> None:
        self.first = first
        self.lines = 0
        self.descriptions: Counter[str] = Counter()  # as written
        self.month = ""
        self.prices: dict[str, tuple[int, int]] = {}  # price in the last month → times, last line


def read_order_lines(table: Table) -> Feed:
    """Articles as rows (number = their first line), then the lines that say nothing about an article."""
    feed = Feed("order lines", table.columns, [], decimal=".", lines=len(table.rows))
    at = {
        name: table.columns.index(name)
        for name in ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice")
    }
    i_invoice, i_code, i_text, i_quantity, i_date, i_price = at.values()
    width = max(at.values()) + 1
    articles: dict[str, _Article] = {}
    seen: set[tuple[str, ...]] = set()
    status = bytearray(len(table.rows))
    left_out: list[SourceRow] = []
    good_prices: dict[str, bool] = {}
    codes: dict[str, str] = {}  # as written → as kept
    known: set[str] = set()  # codes of articles
    for position, (number, cells) in enumerate(table.rows):
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        key = tuple(cells)
        if key in seen:
            status[position] = DUPLICATE
            feed.duplicates += 1
            continue
        seen.add(key)
        code = codes.get(cells[i_code])
        if code is None:
            code = codes[cells[i_code]] = cells[i_code].strip().upper()
            if _ARTICLE.fullmatch(code):
                known.add(code)
        price = cells[i_price]
        if price not in good_prices:
            good_prices[price] = _is_positive(price)
        if cells[i_invoice][:1] in "Cc" and cells[i_invoice]:
            status[position] = CANCELLED
        elif code not in known:
            status[position] = NOT_AN_ARTICLE
        elif cells[i_quantity].startswith("-") or cells[i_quantity] in ("", "0") or not good_prices[price]:
            status[position] = NOT_A_SALE
        if status[position]:
            problem = Problem(LINE_CODES[status[position]], column="StockCode", value=cells[i_code])
            left_out.append(SourceRow(number, {"sku": code} if code else {}, key, "skipped", [problem]))
            if status[position] != NOT_A_SALE or not code:
                continue
        article = articles.get(code)
        if article is None:
            article = articles[code] = _Article(number)
        if status[position]:
            continue
        article.lines += 1
        article.descriptions[cells[i_text]] += 1
        month = cells[i_date][:7]
        if month > article.month:
            article.month, article.prices = month, {}
        if month == article.month:
            times, _ = article.prices.get(price, (0, 0))
            article.prices[price] = (times + 1, number)
    feed.rows = [_row(code, article) for code, article in articles.items()] + left_out
    feed.notes.append(
        "Articles were made from order lines: the description used most often, and the price charged most often in the "
        "last month the article sold."
    )
    return feed


def _is_positive(price: str) -> bool:
    try:
        return Decimal(price) > 0
    except InvalidOperation:
        return False


def _row(code: str, article: _Article) -> SourceRow:
    """An article as a row; without a description or a price it has the reason why not."""
    row = SourceRow(article.first, {"handle": code, "sku": code})
    texts: Counter[str] = Counter()
    for written, times in article.descriptions.items():
        texts[" ".join(written.split())] += times
    texts.pop("", None)
    if texts:
        most = max(texts.values())
        row.cells["title"] = min(text for text, times in texts.items() if times == most)
    else:
        row.problems.append(
            Problem("no_description" if article.lines else "no_price", column="StockCode", value=code)
        )
    if article.prices:
        row.cells["price"] = max(article.prices, key=lambda price: article.prices[price])
    return row
