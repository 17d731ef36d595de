"""Which boxes goods go into: cartonisation with packvium (exact whole millimetres, the same answer every time). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

EFFORT = 20_000  # candidates looked at: bounded by work, not by a clock, so that the same goods give the same boxes
MOST_PIECES = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """Goods to be packed. A side of 0 mm is unknown."""

    sku: str
    quantity: int
    length_mm: int
    width_mm: int
    height_mm: int
    weight_g: int

    @property
    def has_size(self) -> bool:
        """Whether all three sides are known."""
        return min(self.length_mm, self.width_mm, self.height_mm) > 0


@dataclass(frozen=True, slots=True)
class Carton:
    """One kind of box: its inner sides, what it weighs empty and what it may weigh full."""

    code: str
    name: str
    length_mm: int
    width_mm: int
    height_mm: int
    tare_g: int
    most_g: int


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its goods. `weight_g` with the carton; `filled_pct` of its room, rounded down."""

    carton: Carton
    contents: tuple[tuple[str, int], ...]
    weight_g: int
    filled_pct: int


@dataclass(frozen=True, slots=True)
class Packing:
    """Boxes, and the SKUs that fit into none of ours (with why)."""

    boxes: tuple[Box, ...]
    unpacked: tuple[tuple[str, str], ...]


def request_of(pieces: Sequence[Piece], cartons: Sequence[Carton]) -> dict[str, Any]:
    """The question as packvium reads it: fewest boxes, then the smallest."""
    count = sum(piece.quantity for piece in pieces)
    return {
        "items": [
            {
                "id": str(number),
                "quantity": piece.quantity,
                "dimensions": _sides(piece.length_mm, piece.width_mm, piece.height_mm),
                "weight": f"{piece.weight_g} g",
            }
            for number, piece in enumerate(pieces)
        ],
        "containers": [
            {
                "id": carton.code,
                "inner_dimensions": _sides(carton.length_mm, carton.width_mm, carton.height_mm),
                "max_payload": f"{carton.most_g - carton.tare_g} g",
                "quantity": count,
            }
            for carton in cartons
        ],
        "configuration": {
            "solver_profile": "balanced",
            "time_limit_ms": 60_000,
            "effort_budget": {"max_candidates_evaluated": EFFORT},
        },
    }


def packed(pieces: Sequence[Piece], cartons: Sequence[Carton]) -> Packing:
    """Put pieces into as few and as small boxes as are found. Raises ValueError for pieces without sides."""
    from packvium import pack_from_dict

    if any(not piece.has_size or piece.quantity < 1 for piece in pieces):
        raise ValueError("every piece needs three sides and a quantity")
    if not pieces:
        return Packing((), ())
    by_code = {carton.code: carton for carton in cartons}
    answer = pack_from_dict(request_of(pieces, cartons))
    boxes = []
    for container in answer["containers"]:
        carton = by_code[container["container_type"]]
        inside = Counter(int(each["item_type"]) for each in container["placements"])
        room = carton.length_mm * carton.width_mm * carton.height_mm
        filled = sum(
            count * pieces[number].length_mm * pieces[number].width_mm * pieces[number].height_mm
            for number, count in inside.items()
        )
        goods_g = sum(count * pieces[number].weight_g for number, count in inside.items())
        boxes.append(
            Box(
                carton,
                tuple((pieces[number].sku, count) for number, count in sorted(inside.items())),
                goods_g + carton.tare_g,
                filled * 100 // room,
            )
        )
    left = {pieces[int(each["item_type"])].sku: each["reason"] for each in answer["unpacked_items"]}
    return Packing(tuple(boxes), tuple(sorted(left.items())))


def _sides(length_mm: int, width_mm: int, height_mm: int) -> dict[str, str]:
    return {"length": str(length_mm), "width": str(width_mm), "height": str(height_mm)}
