"""Files that are meant to hurt are refused with a sentence before they cost anything."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib
from typing import Any

from entrepot.feeds.errors import FileRefused
from entrepot.kit.errors import Sentence

MAX_BYTES = 64_000_000
MAX_UNPACKED = 512_000_000
MAX_RATIO = 200
MAX_ENTRIES = 2_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 300
MAX_CELL = 50_000
MAX_DEPTH = 40


def check_size(name: str, content: bytes) -> None:
    """Refuses: FileRefused when the file is empty or too large."""
    if not content:
        raise FileRefused(filename=name[:100], reason="it is empty.")
    if len(content) > MAX_BYTES:
        raise FileRefused(
            filename=name[:100],
            reason=Sentence(
                "it has {size} bytes; at most {most} are taken. Split it, or send it gzipped.",
                size=f"{len(content):,}",
                most=f"{MAX_BYTES:,}",
            ),
        )


def unpack_gzip(name: str, content: bytes) -> bytes:
    """The content of a gzip file, as long as it stays within bounds. Refuses: FileRefused."""
    limit = min(MAX_UNPACKED, max(1_000_000, len(content) * MAX_RATIO))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            plain = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileRefused(filename=name[:100], reason="it is not a whole gzip file.") from error
    if len(plain) > limit:
        raise FileRefused(filename=name[:100], reason="it unpacks to far more than it should.")
    return plain


def check_zip(name: str, content: bytes) -> None:
    """A workbook is a zip file: its parts must unpack to something reasonable. Refuses: FileRefused."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            entries = bundle.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if (
                len(entries) > MAX_ENTRIES
                or unpacked > MAX_UNPACKED
                or unpacked > len(content) * MAX_RATIO + 1_000_000
            ):
                raise FileRefused(filename=name[:100], reason="it unpacks to far more than it should.")
            for entry in entries:  # the directory may lie about sizes: count what really comes
                with bundle.open(entry) as part:
                    seen = 0
                    while chunk := part.read(1 << 20):
                        seen += len(chunk)
                        if seen > entry.file_size:
                            raise FileRefused(filename=name[:100], reason="its directory lies about sizes.")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise FileRefused(filename=name[:100], reason="it is not a whole workbook.") from error


def read_json(name: str, text: str) -> Any:
    """Parsed JSON. Refuses: FileRefused (broken, nested too deep, numbers without end)."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise FileRefused(filename=name[:100], reason="it is nested too deep.") from error
    except ValueError as error:
        raise FileRefused(
            filename=name[:100], reason=Sentence("it is not JSON ({error}).", error=str(error)[:80])
        ) from error
    _check_depth(name, found)
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _check_depth(name: str, found: Any) -> None:
    level = [found]
    for _ in range(MAX_DEPTH):
        level = (
            [
                child
                for node in level
                for child in (node.values() if isinstance(node, dict) else node)
                if isinstance(child, dict | list)
            ]
            if isinstance(level, list)
            else []
        )
        if not level:
            return
    raise FileRefused(
        filename=name[:100],
        reason=Sentence("it is nested deeper than {most} levels.", most=MAX_DEPTH),
    )
