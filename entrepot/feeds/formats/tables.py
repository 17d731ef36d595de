"""Sheets: CSV, TSV and XLSX as a heading and rows of text, whatever their encoding and separator."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from entrepot.feeds import limits
from entrepot.feeds.errors import FileRefused
from entrepot.kit.errors import Sentence

csv.field_size_limit(limits.MAX_CELL * 4)


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and (row number, cells). Numbers count as in a spreadsheet: the heading is row 1."""

    columns: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str]


def decode(content: bytes) -> tuple[str, str]:
    """Text and, when it was not UTF-8, a note that says so."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), ""
            except UnicodeDecodeError:
                break
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return content.decode(
            "cp1252", errors="replace"
        ), "The file is not UTF-8: it was read as Windows-1252."


def separator_of(text: str) -> str:
    """The separator of the heading: whichever stands there most often outside quotes."""
    head = text[:20_000].split("\n", 1)[0]
    bare = "".join(head.split('"')[::2]) or head
    return max(("\t", ";", ",", "|"), key=lambda mark: (bare.count(mark), mark == ","))


def read_table(name: str, content: bytes) -> Table:
    """A sheet as text. Refuses: FileRefused (no rows, too many columns or rows, a broken workbook)."""
    if content[:4] == b"PK\x03\x04":
        return _read_workbook(name, content)
    text, note = decode(content)
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return _table(name, _csv_rows(text), [note] if note else [])


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, cells
    except csv.Error as error:
        raise FileRefused(
            filename="the sheet",
            reason=Sentence("row {number} cannot be read ({error}).", number=number + 1, error=error),
        ) from error


def _read_workbook(name: str, content: bytes) -> Table:
    limits.check_zip(name, content)
    import openpyxl  # a quarter of a second, for workbooks only

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = (
            (number, [_cell(value) for value in cells[: limits.MAX_COLUMNS + 1]])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), 1)
        )
        table = _table(name, rows, [])
        book.close()
    except FileRefused:
        raise
    except (
        Exception
    ) as error:  # a workbook is a bundle of XML written by anyone: whatever breaks is the file's fault
        raise FileRefused(filename=name[:100], reason="it is not a workbook that can be read.") from error
    return table


def _cell(value: Any) -> str:
    """A cell as a person would type it: 12.0 is 12."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _table(name: str, rows: Iterator[tuple[int, list[str]]], notes: list[str]) -> Table:
    columns: list[str] = []
    body: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        if not columns:
            if not any(cell.strip() for cell in cells):
                continue
            columns = [cell.strip()[:200] for cell in cells]
            while columns and not columns[-1]:
                columns.pop()
            if len(columns) > limits.MAX_COLUMNS:
                raise FileRefused(
                    filename=name[:100],
                    reason=Sentence("it has more than {most} columns.", most=limits.MAX_COLUMNS),
                )
            columns = _distinct(columns)
            continue
        if cells and (cells[0].strip() or any(map(str.strip, cells))):
            body.append((number, cells))
        if number > limits.MAX_ROWS:
            raise FileRefused(
                filename=name[:100],
                reason=Sentence("it has more than {most} rows.", most=f"{limits.MAX_ROWS:,}"),
            )
    if not columns or not body:
        raise FileRefused(filename=name[:100], reason="it has no rows under a heading.")
    return Table(columns, body, notes)


def _distinct(columns: list[str]) -> list[str]:
    """Headings that differ: a second `image` becomes `image (2)`."""
    seen: dict[str, int] = {}
    made = []
    for position, column in enumerate(columns, 1):
        column = column or f"column {position}"
        seen[column] = seen.get(column, 0) + 1
        made.append(column if seen[column] == 1 else f"{column} ({seen[column]})")
    return made
