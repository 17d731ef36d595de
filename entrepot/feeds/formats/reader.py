"""Any file → a feed: what it is shows in its first bytes and its columns, not in its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.feeds import limits
from entrepot.feeds.errors import ColumnsUnknown, FileRefused
from entrepot.feeds.formats.documents import read_json, read_xml
from entrepot.feeds.formats.orderlines import read_order_lines
from entrepot.feeds.formats.sheets import format_of, read_sheet
from entrepot.feeds.formats.tables import Table, decode, read_table
from entrepot.feeds.rows import Feed, FeedFile

PICTURE_MARKS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
PICTURE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".avif")


def is_picture(file: FeedFile) -> bool:
    """Whether a file beside the feed says or looks that it is a photo; the encoder decides whether it is one."""
    return file.content.startswith(PICTURE_MARKS) or file.name.lower().endswith(PICTURE_NAMES)


def read_feed(files: Sequence[FeedFile], mapping: Mapping[str, str]) -> Feed:
    """The first file with the others beside it (more months of the same sheet, translations, photos).

    Refuses: FileRefused, ColumnsUnknown.
    """
    plain: list[FeedFile] = []
    for file in files:
        limits.check_size(file.name, file.content)
        content = file.content
        if content[:2] == b"\x1f\x8b":
            content = limits.unpack_gzip(file.name, content)
        plain.append(FeedFile(file.name, content))
    main, *others = plain
    others = [file for file in others if not is_picture(file)]
    if main.content.startswith(PICTURE_MARKS) or main.content[:4] in (
        b"%PDF",
        b"\x7fELF",
        b"\xd0\xcf\x11\xe0",
    ):
        raise FileRefused(
            filename=main.name[:100], reason="it is no sheet, XML or JSON. Save it as CSV or XLSX."
        )
    head = main.content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return read_xml(main.name, main.content)
    if head[:1] in (b"{", b"["):
        return read_json(main.name, decode(main.content)[0], mapping, _documents(others))
    table = read_table(main.name, main.content)
    kind = format_of(table.columns)
    tables: dict[str, Table] = {}
    unread = []
    for file in others:
        try:
            tables[file.name] = read_table(file.name, file.content)
        except FileRefused as refusal:
            unread.append(refusal.sentence)
    table = _joined(Table(table.columns, table.rows, [*table.notes, *unread]), tables)
    if kind == "order lines":
        return read_order_lines(table)
    feed = read_sheet(table, kind, mapping, tables)
    if kind == "table" and not {"handle", "sku", "gtin"} & set(feed.mapping.values()):
        raise ColumnsUnknown(columns=", ".join(table.columns)[:300])
    return feed


def _documents(others: Sequence[FeedFile]) -> dict[str, Any]:
    found = {}
    for file in others:
        text = decode(file.content)[0].lstrip()
        if text[:1] in ("[", "{"):
            found[file.name] = limits.read_json(file.name, text)
    return found


def _joined(table: Table, others: Mapping[str, Table]) -> Table:
    """Sheets with the same heading are one sheet: the months of a year."""
    same = [name for name in sorted(others) if others[name].columns == table.columns]
    if not same:
        return table
    rows = list(table.rows)
    for name in same:
        start = rows[-1][0]
        rows += [(start + number - 1, cells) for number, cells in others[name].rows]
    return Table(
        table.columns, rows, [*table.notes, f"{len(same) + 1} sheets with the same heading were read as one."]
    )
