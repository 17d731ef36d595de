"""What passes over the writer's unix socket. Little-endian; every frame is a header and then columns.

    request   length u32 (of what follows) · id u32 · what u32 · commands u32 · takes u32 · offers u32 · columns (layout.COLUMNS)
    answer    length u32 (of what follows) · id u32 · state u32 · commands u32 · order i64… · left i64… · code u8… · line u8…

`what`: DECIDE carries commands; LEFT_OF_COUNTERS and LEFT_OF_OFFERS carry `commands` numbers (i64) and are answered with
as many (i64); STATUS is answered with JSON of `commands` bytes.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np

from entrepot.intake.layout import Answers, Block

DECIDE, LEFT_OF_COUNTERS, LEFT_OF_OFFERS, STATUS = 0, 1, 2, 3
OK, BUSY, MALFORMED = 0, 1, 2

REQUEST: Final = struct.Struct("<IIIIII")
ANSWER: Final = struct.Struct("<IIII")
MAX_FRAME: Final = 16 * 1024 * 1024


def request(ident: int, what: int, counts: tuple[int, int, int], body: bytes) -> bytes:
    """The bytes of a request."""
    return REQUEST.pack(REQUEST.size - 4 + len(body), ident, what, *counts) + body


def decide_request(ident: int, block: Block) -> bytes:
    """The bytes that ask for a block to be decided."""
    return request(ident, DECIDE, (block.counts[0], block.counts[1], block.counts[2]), block.body())


def answer(ident: int, state: int, count: int, body: bytes = b"") -> bytes:
    """The bytes of an answer."""
    return ANSWER.pack(ANSWER.size - 4 + len(body), ident, state, count) + body


def pack_answers(answers: Answers, start: int, stop: int) -> bytes:
    """Rows `start` to `stop` of the answers, as columns."""
    return b"".join(
        (
            answers.order[start:stop].tobytes(),
            answers.left[start:stop].tobytes(),
            answers.code[start:stop].tobytes(),
            answers.line[start:stop].tobytes(),
        )
    )


def unpack_answers(body: bytes | memoryview, count: int) -> Answers:
    """The answers in these columns."""
    return Answers(
        order=np.frombuffer(body, "<i8", count, 0),
        left=np.frombuffer(body, "<i8", count, 8 * count),
        code=np.frombuffer(body, "u1", count, 16 * count),
        line=np.frombuffer(body, "u1", count, 17 * count),
    )
