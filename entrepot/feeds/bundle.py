"""A ZIP with a feed and its photos: taken apart in memory, within bounds, and never written under a name it carries."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from entrepot.feeds import limits
from entrepot.feeds.errors import FileRefused
from entrepot.feeds.rows import FeedFile
from entrepot.kit.errors import Sentence

FEEDS = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xml",
    ".json",
    ".jsonl",
    ".gz",
)  # in the order in which one is taken
PHOTOS = (".jpg", ".jpeg", ".png", ".webp")
MAX_UNPACKED = 256_000_000
MAX_ENTRIES = 5_000


def is_bundle(content: bytes) -> bool:
    """Whether a file is a ZIP that is no workbook."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            names = set(box.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return True  # a broken box: `unpack_bundle` says so
    return "[Content_Types].xml" not in names


def unpack_bundle(name: str, content: bytes) -> list[FeedFile]:
    """The feed first, then photos and further sheets by their plain names.

    Refuses: FileRefused (no feed or several, encrypted, broken, a bomb, too many files, one too large).
    """
    found = list(_files(name, content))
    feeds = [file for file in found if file.name.lower().endswith(FEEDS)]
    if not feeds:
        raise FileRefused(
            filename=name[:100],
            reason="it holds no feed. Put one CSV, XLSX, XML or JSON file beside the photos.",
        )
    least = min(file.name.count("/") for file in feeds)
    top = sorted(
        (file for file in feeds if file.name.count("/") == least),
        key=lambda file: (_rank(file.name), file.name),
    )
    main = top[0]
    beside = [
        file for file in found if file is not main and (file in feeds or file.name.lower().endswith(PHOTOS))
    ]
    names: set[str] = {_plain(main.name)}
    taken = [FeedFile(_plain(main.name), main.content)]
    for file in beside:
        plain = _plain(file.name)
        label = file.name if plain in names else plain  # a second one of the same name goes by its whole path
        if label in names:
            continue  # said twice: the first one counts
        names.add(label)
        taken.append(FeedFile(label, file.content))
    return taken


def _files(name: str, content: bytes) -> Iterator[FeedFile]:
    """Every file of the box, its size counted as it comes; folders, hidden files and what systems leave behind are passed over."""
    total = 0
    ceiling = min(MAX_UNPACKED, len(content) * limits.MAX_RATIO + 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            entries = [entry for entry in box.infolist() if not entry.is_dir()]
            if len(entries) > MAX_ENTRIES:
                raise FileRefused(
                    filename=name[:100],
                    reason=Sentence(
                        "it holds {count} files; at most {most} are taken.",
                        count=len(entries),
                        most=MAX_ENTRIES,
                    ),
                )
            for entry in entries:
                label = _label(entry.filename)
                if not label or not label.lower().endswith((*FEEDS, *PHOTOS)):
                    continue
                room = min(limits.MAX_BYTES, ceiling - total)
                with box.open(entry) as part:
                    body = part.read(room + 1)
                if len(body) > room:
                    raise FileRefused(filename=name[:100], reason="it unpacks to far more than it should.")
                total += len(body)
                yield FeedFile(label, body)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise FileRefused(
            filename=name[:100], reason="it is not a whole ZIP file, or it is locked with a password."
        ) from error


def _label(path: str) -> str:
    """A path in the box as a name that leads nowhere: no drive, no root, no way up; empty for what nobody meant to send."""
    steps = [part.rpartition(":")[2] for part in PurePosixPath(path.replace("\\", "/")).parts]
    parts = [part for part in steps if part not in ("", "/", "..", ".")]
    if not parts or any(part.startswith((".", "__MACOSX")) for part in parts):
        return ""
    return "/".join(parts)[:200]


def _plain(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def _rank(name: str) -> int:
    return next(place for place, suffix in enumerate(FEEDS) if name.lower().endswith(suffix))
