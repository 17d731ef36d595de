"""The memory map of a batch: what lies in the journal, every byte of it named.

A batch is a header of 80 bytes and then columns, one after another without a gap, widest first so that each is
aligned. Little-endian throughout.

    offset  bytes  header field
         0      4  magic         b"EPJ1"
         4      4  crc           CRC-32C of every byte from offset 8 to the end
         8      2  version       of this layout: 1
        10      2  header_bytes  80
        12      2  shard         0..1023
        14      2  commands      0..8192
        16      4  takes         rows of all commands' takes
        20      4  offers        rows of all SetOffer commands
        24      8  seq           of this batch in its shard, from 0, without a gap
        32      8  stamped_ms    the writer's clock, Unix milliseconds, never decreasing within a shard
        40      8  salt          of the Book's hash table; drawn with batch 0, the same in every batch
        48     32  before        SHA-256 of the whole batch before this one; zeros in batch 0

Columns, each `commands`, `takes` or `offers` long:

    commands  key_hi u64, key_lo u64   idempotency key (UUIDv7; zeros for SetOffer and OpenCounter)
              ref i64                  Place: checkout_ref · Release: the order's id · else 0
              party i64                Place and its Release: the buyer, an opaque number · else 0
              kind u8                  status.PLACE …
              rows u8                  how many takes (SetOffer: offers) belong to it
              code u8, line u8         the decision: status code (+ REPEATED) and the refused line (or NO_LINE)
    takes     price i64                line: price expected, minor units · plain take: amount · Adjust: delta · OpenCounter: amount
              target i32               line: offer number · else: counter number
              counter i32              the counter it takes from, as resolved by the kernel (-1: none)
              quantity i32             line: pieces · OpenCounter: kind of counter · else 0
              flags u8                 status.PLAIN, status.LIMITED
    offers    set_price i64            minor units
              opens_ms i64, closes_ms i64   window, Unix milliseconds: open at opens_ms, closed at closes_ms
              set_version i64          an older version than the Book's changes nothing
              set_offer i32, set_counter i32
              set_limit i32            pieces a buyer may take, 0: no limit
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import google_crc32c
import numpy as np
import numpy.typing as npt

from entrepot.intake import status

Array = npt.NDArray[Any]

MAGIC: Final = int.from_bytes(b"EPJ1", "little")
VERSION: Final = 1
HEADER: Final = np.dtype(
    [
        ("magic", "<u4"),
        ("crc", "<u4"),
        ("version", "<u2"),
        ("header_bytes", "<u2"),
        ("shard", "<u2"),
        ("commands", "<u2"),
        ("takes", "<u4"),
        ("offers", "<u4"),
        ("seq", "<u8"),
        ("stamped_ms", "<i8"),
        ("salt", "<u8"),
        ("before", "V32"),
    ]
)
COLUMNS: Final[tuple[tuple[str, str, int], ...]] = (  # name, type, table (0 commands, 1 takes, 2 offers)
    ("key_hi", "<u8", 0),
    ("key_lo", "<u8", 0),
    ("ref", "<i8", 0),
    ("party", "<i8", 0),
    ("price", "<i8", 1),
    ("set_price", "<i8", 2),
    ("opens_ms", "<i8", 2),
    ("closes_ms", "<i8", 2),
    ("set_version", "<i8", 2),
    ("target", "<i4", 1),
    ("counter", "<i4", 1),
    ("quantity", "<i4", 1),
    ("set_offer", "<i4", 2),
    ("set_counter", "<i4", 2),
    ("set_limit", "<i4", 2),
    ("kind", "|u1", 0),
    ("rows", "|u1", 0),
    ("code", "|u1", 0),
    ("line", "|u1", 0),
    ("flags", "|u1", 1),
)
_TYPED: Final = tuple((name, np.dtype(kind), np.dtype(kind).itemsize, table) for name, kind, table in COLUMNS)

SEQ_BITS: Final = 40
INDEX_BITS: Final = 13
MAX_SEQ: Final = (1 << SEQ_BITS) - 1
NO_HASH: Final = bytes(32)


class Corrupt(Exception):
    """Bytes that are not the batch they should be. The shard stops; nothing is guessed."""


def order_id(shard: int, seq: int, index: int) -> int:
    """63 bits: shard (10) · batch sequence (40) · index in the batch (13): the order's address in the journal."""
    return shard << (SEQ_BITS + INDEX_BITS) | seq << INDEX_BITS | index


def address_of(order: int) -> tuple[int, int, int]:
    """(shard, sequence, index) of an order id. Raises ValueError for a number that is none."""
    if not 0 <= order < 1 << 63:
        raise ValueError(f"{order} is not an order id")
    return order >> (SEQ_BITS + INDEX_BITS), order >> INDEX_BITS & MAX_SEQ, order & ((1 << INDEX_BITS) - 1)


def size_of(commands: int, takes: int, offers: int) -> int:
    """Bytes of the columns of a batch with so many rows."""
    counts = (commands, takes, offers)
    return sum(width * counts[table] for _, _, width, table in _TYPED)


class Block:
    """Commands as columns, with room for more: what clients send, what the kernel reads and writes.

    `columns[name]` are whole arrays; the first `counts[table]` rows of each are in use.
    """

    __slots__ = ("columns", "counts")

    def __init__(
        self,
        commands: int = 64,
        takes: int = 256,
        offers: int = 64,
        *,
        counts: tuple[int, int, int] = (0, 0, 0),
    ):
        room = (commands, takes, offers)
        self.columns: dict[str, Array] = {
            name: np.zeros(room[table], kind) for name, kind, _, table in _TYPED
        }
        self.counts = list(counts)

    def __len__(self) -> int:
        return self.counts[0]

    def __getitem__(self, name: str) -> Array:
        """The rows in use of a column."""
        return self.columns[name][: self.counts[_TABLE[name]]]

    def clear(self) -> None:
        self.counts = [0, 0, 0]

    def fits(self, counts: tuple[int, int, int]) -> bool:
        return all(
            have + more <= len(self.columns[name])
            for have, more, name in zip(self.counts, counts, ("kind", "price", "set_price"), strict=True)
        )

    def add_bytes(self, data: bytes | memoryview, counts: tuple[int, int, int], offset: int = 0) -> None:
        """Append the columns that lie in `data` from `offset`. Raises Corrupt when the length is not theirs."""
        if len(data) - offset != size_of(*counts):
            raise Corrupt(f"{len(data) - offset} bytes where {size_of(*counts)} belong")
        for name, kind, width, table in _TYPED:
            count = counts[table]
            if count:
                start = self.counts[table]
                self.columns[name][start : start + count] = np.frombuffer(data, kind, count, offset)
                offset += width * count
        for table in range(3):
            self.counts[table] += counts[table]

    def add_block(self, other: Block) -> None:
        """Append another block's rows."""
        for name, _, _, table in _TYPED:
            count, start = other.counts[table], self.counts[table]
            if count:
                self.columns[name][start : start + count] = other.columns[name][:count]
        for table in range(3):
            self.counts[table] += other.counts[table]

    def body(self) -> bytes:
        """The columns in use, one after another."""
        return b"".join(self.columns[name][: self.counts[table]].data for name, _, _, table in _TYPED)


@dataclass(slots=True)
class Answers:
    """What a block's commands are answered: columns as long as the block.

    `code` and `line` as journaled; `order` is the id of an accepted Place, else -1; `left` what is left of the refused
    line's counter or limit, else -1.
    """

    code: Array
    line: Array
    order: Array
    left: Array


_TABLE: Final = {name: table for name, _, table in COLUMNS}


@dataclass(slots=True)
class Batch:
    """A batch of the journal, decoded. `hash` is the SHA-256 of its bytes: the next batch's `before`."""

    shard: int
    seq: int
    stamped_ms: int
    salt: int
    before: bytes
    block: Block
    hash: bytes


def encode(shard: int, seq: int, stamped_ms: int, salt: int, before: bytes, block: Block) -> bytes:
    """The bytes of a batch."""
    header = np.zeros(1, HEADER)
    header["magic"], header["version"], header["header_bytes"] = MAGIC, VERSION, HEADER.itemsize
    header["shard"], header["seq"], header["stamped_ms"], header["salt"] = shard, seq, stamped_ms, salt
    header["commands"], header["takes"], header["offers"] = block.counts
    header["before"] = np.void(before)
    body = bytearray(header.tobytes())
    for name, _, _, table in _TYPED:
        body += block.columns[name][: block.counts[table]].data
    body[4:8] = google_crc32c.value(bytes(memoryview(body)[8:])).to_bytes(4, "little")
    return bytes(body)


def hash_of(body: bytes) -> bytes:
    """The link of the chain: SHA-256 of a whole batch."""
    return hashlib.sha256(body).digest()


def decode(body: bytes) -> Batch:
    """The batch in these bytes. Raises Corrupt when they are torn, flipped or of another layout."""
    if len(body) < HEADER.itemsize:
        raise Corrupt(f"a batch of {len(body)} bytes is torn")
    header = np.frombuffer(body, HEADER, 1)[0]
    if header["magic"] != MAGIC or header["version"] != VERSION or header["header_bytes"] != HEADER.itemsize:
        raise Corrupt("not a batch of layout 1")
    if int(header["crc"]) != google_crc32c.value(body[8:]):
        raise Corrupt("the checksum does not fit the bytes")
    counts = (int(header["commands"]), int(header["takes"]), int(header["offers"]))
    if counts[0] > status.MAX_BATCH:
        raise Corrupt(f"{counts[0]} commands in one batch")
    block = Block(*counts)
    block.add_bytes(body, counts, HEADER.itemsize)
    return Batch(
        shard=int(header["shard"]),
        seq=int(header["seq"]),
        stamped_ms=int(header["stamped_ms"]),
        salt=int(header["salt"]),
        before=header["before"].tobytes(),
        block=block,
        hash=hash_of(body),
    )


def check_chain(
    batches: Iterator[tuple[int, bytes]], shard: int, seq: int, before: bytes | None
) -> Iterator[Batch]:
    """Decode (sequence, bytes) pairs and hold each to its place: shard, sequence without gap, hash of the one before.

    `before` None: the first batch's link is taken as it is (a reader that starts in the middle).
    Raises Corrupt at the first that does not fit.
    """
    for stored_seq, body in batches:
        batch = decode(body)
        if stored_seq != seq or batch.seq != seq or batch.shard != shard:
            raise Corrupt(
                f"shard {shard}: batch {seq} is missing or out of place (found {stored_seq}/{batch.seq})"
            )
        if seq == 0 and batch.before != NO_HASH:
            raise Corrupt(f"shard {shard}: batch 0 names a batch before it")
        if before is not None and batch.before != before:
            raise Corrupt(f"shard {shard}: batch {seq} does not follow from the batch before it")
        yield batch
        seq, before = seq + 1, batch.hash
