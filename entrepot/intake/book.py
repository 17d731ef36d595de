"""The Book: a shard's whole state as arrays, and the pure step `decide(book, block)`.

The arrays lie in reserved address space that the machine gives memory to only where it is touched: nothing is
copied to grow, and a pilot's Book is a few megabytes.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import google_crc32c
import numpy as np
import numpy.typing as npt

from entrepot.intake import kernel, layout, status
from entrepot.intake.layout import Answers, Block

SNAPSHOT_MAGIC: Final = b"EPS1"
LARGE_BYTES: Final = 32_000_000
SNAPSHOT_HEADER: Final = np.dtype(
    [
        ("magic", "S4"),
        ("crc", "<u4"),  # CRC-32C of every byte from offset 8 to the end
        ("shard", "<u4"),
        ("offers", "<u4"),
        ("counters", "<u4"),
        ("depth", "<u4"),
        ("pages", "<u8"),
        ("salt", "<u8"),
        ("hash", "V32"),  # of the last batch in it
        ("state", "<i8", (kernel.STATE_CELLS,)),
    ]
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How far a Book may grow: address space, not memory."""

    offers: int = 1 << 22
    counters: int = 1 << 22
    pages: int = 1 << 19  # of 256 keys
    directory: int = 1 << 22


def _reserve(shape: tuple[int, ...], kind: str) -> npt.NDArray[Any]:
    """A zeroed array whose memory is taken page by page as it is touched."""
    size = int(np.prod(shape)) * np.dtype(kind).itemsize
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0x4000)
    return np.frombuffer(mmap.mmap(-1, max(size, 1), flags=flags), kind, int(np.prod(shape))).reshape(shape)


def _use_large_pages(array: npt.NDArray[Any]) -> None:
    """Ask for large pages of memory from here on: fewer misses in a big Book, a waste in a small one."""
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):
            _memory_of(array).madvise(mmap.MADV_HUGEPAGE)


def _memory_of(array: npt.NDArray[Any]) -> mmap.mmap:
    base: Any = array
    while not isinstance(base, mmap.mmap):
        base = base.obj if isinstance(base, memoryview) else base.base
    return base


class Book:
    """Counters, offers, and the table of keys, limits and releases of one shard, as of batch `seq`."""

    def __init__(self, shard: int = 0, salt: int = 0, sizes: Sizes | None = None):
        sizes = sizes or Sizes()
        self.shard, self.salt, self.sizes = shard, salt, sizes
        self.hash = layout.NO_HASH
        self.offers = _reserve((sizes.offers, kernel.OFFER_COLUMNS), "i8")
        self.counters = _reserve((sizes.counters, kernel.COUNTER_COLUMNS), "i8")
        self.directory = _reserve((sizes.directory,), "i4")
        self.pages = _reserve((sizes.pages * kernel.SLOTS, 4), "u8")
        self.used = _reserve((sizes.pages,), "i4")
        self.depths = _reserve((sizes.pages,), "i4")
        self.state = np.zeros(kernel.STATE_CELLS, np.int64)
        self.state[kernel.S_PAGES] = 1
        self.state[kernel.S_SEQ] = -1
        self._is_large = False

    @property
    def seq(self) -> int:
        """The last batch in the Book; -1 before the first."""
        return int(self.state[kernel.S_SEQ])

    @property
    def stamped_ms(self) -> int:
        """Journal time: the stamp of the last batch."""
        return int(self.state[kernel.S_STAMPED])

    def has_room(self, block: Block) -> bool:
        """Whether the table could take every key of this block even in the worst case."""
        return int(self.state[kernel.S_PAGES]) + block.counts[0] + block.counts[1] < self.sizes.pages

    def decide(self, block: Block, now_ms: int) -> Answers:
        """Decide the block as the next batch, stamped `now_ms`, and do it. Fills the block's decision columns."""
        n = len(block)
        c = block.columns
        order, left = np.empty(n, np.int64), np.empty(n, np.int64)
        seq = self.seq + 1
        kernel.decide(
            now_ms, seq, self.shard, np.uint64(self.salt),
            n, c["key_hi"], c["key_lo"], c["ref"], c["party"], c["kind"], c["rows"], c["code"], c["line"], order, left,
            c["price"], c["target"], c["counter"], c["quantity"], c["flags"],
            c["set_price"], c["opens_ms"], c["closes_ms"], c["set_version"], c["set_offer"], c["set_counter"], c["set_limit"],
            self.offers, self.counters, self.state, self.directory, self.pages, self.used, self.depths,
        )  # fmt: skip
        self.state[kernel.S_SEQ] = seq
        self.state[kernel.S_STAMPED] = now_ms
        if not self._is_large and self.used_bytes() > LARGE_BYTES:
            self._is_large = True
            for array in (self.offers, self.counters, self.pages):
                _use_large_pages(array)
        return Answers(c["code"][:n].copy(), c["line"][:n].copy(), order, left)

    # What people and other rooms ask.

    def left(self, counters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """What each counter still holds; -1 for one that was never opened."""
        known = (counters >= 0) & (counters < int(self.state[kernel.S_COUNTERS]))
        rows = self.counters[np.where(known, counters, 0)]
        return np.where(known & (rows[:, kernel.KIND] > 0), rows[:, kernel.AVAILABLE], -1)

    def left_list(self, counters: list[int]) -> list[int]:
        """`left` for plain numbers."""
        return [int(amount) for amount in self.left(np.array(counters, np.int64))]

    def counters_of_offers(self, offers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The counter behind each offer; -1 for an unknown offer."""
        known = (offers >= 0) & (offers < int(self.state[kernel.S_OFFERS]))
        return self.offers[np.where(known, offers, 0), kernel.COUNTER] * known - 1

    def totals(self) -> dict[str, int]:
        """How much there is of everything."""
        names = {"orders": kernel.S_ACCEPTED, "commands": kernel.S_COMMANDS}
        numbers = {name: int(self.state[cell]) for name, cell in names.items()}
        known = self.offers[: int(self.state[kernel.S_OFFERS]), kernel.COUNTER] > 0
        opened = self.counters[: int(self.state[kernel.S_COUNTERS]), kernel.KIND] > 0
        return numbers | {
            "offers": int(known.sum()),
            "counters": int(opened.sum()),
            "book_bytes": self.used_bytes(),
        }

    def used_bytes(self) -> int:
        """Bytes of the parts in use."""
        return sum(part.nbytes for part in self._parts())

    def _parts(self) -> list[npt.NDArray[Any]]:
        pages = int(self.state[kernel.S_PAGES])
        return [
            self.offers[: self.state[kernel.S_OFFERS]],
            self.counters[: self.state[kernel.S_COUNTERS]],
            self.directory[: 1 << int(self.state[kernel.S_DEPTH])],
            self.used[:pages],
            self.depths[:pages],
            self.pages[: pages * kernel.SLOTS],
        ]

    def fingerprint(self) -> str:
        """SHA-256 of every byte of the state: two Books are equal when it is."""
        digest = hashlib.sha256(self.state.tobytes() + self.salt.to_bytes(8, "little") + self.hash)
        for part in self._parts():
            digest.update(part.data)
        return digest.hexdigest()

    # Snapshots.

    def write_snapshot(self, folder: Path) -> Path:
        """Write a snapshot, atomically and synced, as `<shard>-<seq>.book`; returns its path."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.shard}-{self.seq:013d}.book"
        scratch = path.with_suffix(f".{os.getpid()}.new")
        header = np.zeros(1, SNAPSHOT_HEADER)
        header["magic"], header["shard"], header["salt"] = SNAPSHOT_MAGIC, self.shard, self.salt
        header["offers"], header["counters"] = self.state[kernel.S_OFFERS], self.state[kernel.S_COUNTERS]
        header["depth"], header["pages"] = self.state[kernel.S_DEPTH], self.state[kernel.S_PAGES]
        header["hash"], header["state"] = np.void(self.hash), self.state
        head = header.tobytes()
        crc = google_crc32c.value(head[8:])
        with scratch.open("wb") as file:
            file.write(head)
            for part in self._parts():
                flat = part.reshape(-1).view(np.uint8)
                for start in range(0, len(flat), 1 << 24):
                    piece = flat[start : start + (1 << 24)].tobytes()
                    crc = google_crc32c.extend(crc, piece)
                    file.write(piece)
            file.seek(4)
            file.write(int(crc).to_bytes(4, "little"))
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
        directory = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return path

    @classmethod
    def load(cls, path: Path, sizes: Sizes | None = None) -> Book:
        """Read a snapshot. Raises layout.Corrupt when a byte of it is not as written."""
        with path.open("rb") as file:
            head = file.read(SNAPSHOT_HEADER.itemsize)
            if len(head) != SNAPSHOT_HEADER.itemsize:
                raise layout.Corrupt(f"{path.name} is torn")
            header = np.frombuffer(head, SNAPSHOT_HEADER, 1)[0]
            if bytes(header["magic"]) != SNAPSHOT_MAGIC:
                raise layout.Corrupt(f"{path.name} is no snapshot")
            sizes = sizes or Sizes()
            if (
                int(header["pages"]) > sizes.pages
                or int(header["offers"]) > sizes.offers
                or int(header["counters"]) > sizes.counters
                or int(header["depth"]) > 30
                or 1 << int(header["depth"]) > sizes.directory
            ):
                raise layout.Corrupt(f"{path.name} does not fit this Book's sizes")
            book = cls(int(header["shard"]), int(header["salt"]), sizes)
            book.state[:] = header["state"]
            book.hash = header["hash"].tobytes()
            if int(book.state[kernel.S_PAGES]) != int(header["pages"]):
                raise layout.Corrupt(f"{path.name} contradicts itself")
            crc = google_crc32c.value(head[8:])
            for part in book._parts():
                flat = part.reshape(-1).view(np.uint8)
                for start in range(0, len(flat), 1 << 24):
                    piece = file.read(min(1 << 24, len(flat) - start))
                    if len(piece) != min(1 << 24, len(flat) - start):
                        raise layout.Corrupt(f"{path.name} is torn")
                    crc = google_crc32c.extend(crc, piece)
                    flat[start : start + len(piece)] = np.frombuffer(piece, np.uint8)
            if file.read(1) or crc != int(header["crc"]):
                raise layout.Corrupt(f"{path.name}: the checksum does not fit the bytes")
        return book


def flaw_in(block: Block) -> int:
    """The index of the first command that no client of ours would send, or -1."""
    b = block.columns
    return int(
        kernel.find_flaw(
            len(block), b["kind"], b["rows"], b["key_hi"], b["ref"], np.array(block.counts),
            b["price"], b["target"], b["counter"], b["quantity"], b["flags"],
            b["set_price"], b["set_offer"], b["set_counter"], b["set_limit"], b["opens_ms"], b["closes_ms"],
        )
    )  # fmt: skip


def as_sent(block: Block) -> None:
    """Take back what deciding wrote into the block, so that it can be decided again (replay)."""
    kinds = np.repeat(block["kind"], np.where(block["kind"] == status.SET_OFFER, 0, block["rows"]))
    placed = kinds == status.PLACE
    block["counter"][placed | (kinds == status.ADJUST) | (kinds == status.OPEN_COUNTER)] = -1
    block["flags"][placed] &= status.PLAIN
    block["code"][:] = 0
    block["line"][:] = 0
