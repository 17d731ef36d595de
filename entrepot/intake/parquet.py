"""Parquet files of whole numbers, without a dependency: plain, uncompressed int64 columns (and timestamps).

Enough of the format (parquet.apache.org, footer in Thrift's compact protocol) for DuckDB, pandas, Polars and Spark to open.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12
_INT64, _PLAIN, _RLE, _TIMESTAMP_MILLIS = 2, 0, 3, 9
MAGIC: Final = b"PAR1"


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _whole(number: int) -> bytes:
    return _varint(number << 1 if number >= 0 else (-number << 1) - 1)


def _text(text: str) -> bytes:
    data = text.encode()
    return _varint(len(data)) + data


def _list(kind: int, parts: list[bytes]) -> bytes:
    head = bytes([len(parts) << 4 | kind]) if len(parts) < 15 else bytes([0xF0 | kind]) + _varint(len(parts))
    return head + b"".join(parts)


def _struct(*fields: tuple[int, int, bytes]) -> bytes:
    out, before = b"", 0
    for number, kind, data in fields:
        out += bytes([number - before << 4 | kind]) + data
        before = number
    return out + b"\0"


class ParquetFile:
    """A file of int64 columns, written a row group at a time. Names ending in `_ms` are timestamps (UTC)."""

    def __init__(self, path: Path, columns: tuple[str, ...]):
        self._columns = columns
        self._file = path.open("wb")
        self._file.write(MAGIC)
        self._groups: list[bytes] = []
        self.rows = 0

    def write(self, columns: Mapping[str, npt.NDArray[np.int64]]) -> None:
        """Add a row group; every column as long as the first."""
        count = len(columns[self._columns[0]])
        if count == 0:
            return
        chunks, total = [], 0
        for name in self._columns:
            data = np.ascontiguousarray(columns[name], "<i8").tobytes()
            if len(data) != 8 * count:
                raise ValueError(f"column {name} is not as long as the others")
            page = _struct(
                (1, _I32, _whole(count)),
                (2, _I32, _whole(_PLAIN)),
                (3, _I32, _whole(_RLE)),
                (4, _I32, _whole(_RLE)),
            )
            size = _whole(len(data))
            head = _struct((1, _I32, _whole(0)), (2, _I32, size), (3, _I32, size), (5, _STRUCT, page))
            offset = self._file.tell()
            self._file.write(head + data)
            length = len(head) + len(data)
            about = _struct(
                (1, _I32, _whole(_INT64)),
                (2, _LIST, _list(_I32, [_whole(_PLAIN)])),
                (3, _LIST, _list(_BINARY, [_text(name)])),
                (4, _I32, _whole(0)),
                (5, _I64, _whole(count)),
                (6, _I64, _whole(length)),
                (7, _I64, _whole(length)),
                (9, _I64, _whole(offset)),
            )
            chunks.append(_struct((2, _I64, _whole(offset)), (3, _STRUCT, about)))
            total += length
        self._groups.append(
            _struct((1, _LIST, _list(_STRUCT, chunks)), (2, _I64, _whole(total)), (3, _I64, _whole(count)))
        )
        self.rows += count

    def close(self) -> None:
        """Write the footer; without it the file cannot be read."""
        schema = [_struct((4, _BINARY, _text("schema")), (5, _I32, _whole(len(self._columns))))]
        for name in self._columns:
            kind = [(6, _I32, _whole(_TIMESTAMP_MILLIS))] if name.endswith("_ms") else []
            schema.append(
                _struct((1, _I32, _whole(_INT64)), (3, _I32, _whole(0)), (4, _BINARY, _text(name)), *kind)
            )
        footer = _struct(
            (1, _I32, _whole(1)),
            (2, _LIST, _list(_STRUCT, schema)),
            (3, _I64, _whole(self.rows)),
            (4, _LIST, _list(_STRUCT, self._groups)),
            (6, _BINARY, _text("entrepot")),
        )
        self._file.write(footer + len(footer).to_bytes(4, "little") + MAGIC)
        self._file.close()
