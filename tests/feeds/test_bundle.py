"""A ZIP with a feed and photos goes in whole; one that is meant to hurt does not."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.catalog.queries import products_by_handle
from entrepot.feeds import bundle, limits
from entrepot.feeds.commands import KEEP_DAYS, confirm_import, forget_old_files
from entrepot.feeds.errors import FileRefused, RunInState
from entrepot.feeds.queries import import_run, result_file_of, run_results
from entrepot.feeds.store import home_of
from entrepot.kit.errors import NotFound
from entrepot.offers.queries import offers_for_products
from tests import make
from tests.feeds.conftest import check, counts, load, photo

SHEET = "sku,title,price,stock,image\nA,Taza,9.90,4,photos/azul.png\nB,Plato,7.90,2,rojo.png\n"


def packed(files: dict[str, bytes], **how: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED, **how) as box:  # type: ignore[arg-type]
        for name, body in files.items():
            box.writestr(name, body)
    return out.getvalue()


def whole() -> dict[str, bytes]:
    return {
        "shop/goods.csv": SHEET.encode(),
        "shop/photos/azul.png": photo("navy"),
        "shop/photos/rojo.png": photo("maroon"),
        "shop/notes.pdf": b"%PDF-1.4",
        "__MACOSX/shop/._goods.csv": b"\0\1",
        "shop/.DS_Store": b"\0",
    }


@pytest.mark.django_db
def test_a_sheet_and_its_photos_go_in_together_and_are_on_sale(seller: UUID) -> None:
    ctx = make.staff(seller)
    run = load(ctx, seller, packed(whole()), name="goods.zip")
    assert counts(run) == {"new": 2}
    goods = products_by_handle(ctx, seller, ["A", "B"])
    assert [len(view.media) for view in goods.values()] == [1, 1]
    assert len(offers_for_products("ES", [view.id for view in goods.values()])) == 2
    assert counts(load(ctx, seller, packed(whole()), name="goods.zip")) == {"same": 2}


@pytest.mark.django_db
def test_a_photo_in_a_box_that_is_none_is_said_and_not_stored(seller: UUID) -> None:
    files = whole() | {"shop/photos/azul.png": b"\x89PNG<script>alert(1)</script>"}
    run = load(make.staff(seller), seller, packed(files), name="goods.zip")
    assert counts(run) == {"new": 2}
    notes = next(row.notes for row in run_results(make.staff(seller), run.id).rows if row.sku == "A")
    assert any("azul.png" in note for note in notes)
    assert products_by_handle(make.staff(seller), seller, ["A"])["A"].media == ()


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"photos/a.png": b"\x89PNG"},
        {"readme.md": b"# hello"},
        {"goods.csv": b"0" * 30_000_000},
    ],
)
def test_boxes_without_a_feed_and_bombs_are_refused(files: dict[str, bytes]) -> None:
    box = packed(files) if files else b"PK\x03\x04 and then nothing"
    assert bundle.is_bundle(box)
    with pytest.raises(FileRefused):
        bundle.unpack_bundle("x.zip", box)


def test_a_box_of_too_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    box = packed({f"{n}.csv": b"sku\n" for n in range(12)})
    monkeypatch.setattr(bundle, "MAX_ENTRIES", 11)
    with pytest.raises(FileRefused, match="12 files"):
        bundle.unpack_bundle("x.zip", box)


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    body = packed({"goods.csv": b"sku,title\n" + b"a,b\n" * 2_000})
    size = (10 + 4 * 2_000).to_bytes(4, "little")
    lying = body.replace(size, (40).to_bytes(4, "little"))
    assert lying != body
    with pytest.raises(FileRefused):
        bundle.unpack_bundle("x.zip", lying)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text(st.sampled_from("ab/\\.:~ ñ"), min_size=1, max_size=14),
            st.sampled_from([".csv", ".png", ".exe", ".json", ""]),
            st.binary(max_size=30),
        ),
        max_size=6,
    )
)
def test_whatever_names_a_box_holds_none_leads_anywhere(entries: list[tuple[str, str, bytes]]) -> None:
    files = {"../../etc/goods.csv": b"sku\n1\n"} | {f"{name}{suffix}": body for name, suffix, body in entries}
    taken = bundle.unpack_bundle("x.zip", packed(files))
    assert taken[0].name.endswith(bundle.FEEDS)
    for file in taken:
        parts = file.name.split("/")
        assert not file.name.startswith(("/", "\\"))
        assert ".." not in parts
        assert not any(":" in part or part.startswith(".") for part in parts)
        assert len(file.content) <= limits.MAX_BYTES
    assert len({file.name for file in taken}) == len(taken)


@pytest.mark.django_db
def test_files_are_cleared_away_after_a_month_and_the_rest_stays(seller: UUID) -> None:
    ctx = make.staff(seller)
    done = load(ctx, seller, SHEET, beside={})
    waiting = check(ctx, seller, "sku,title,price\nC,Vaso,1.00\n")
    soon = make.system(at=make.NOW + timedelta(days=KEEP_DAYS) - timedelta(hours=1))
    assert forget_old_files(soon) == 0
    late = make.system(at=make.NOW + timedelta(days=KEEP_DAYS, hours=1))
    assert forget_old_files(late) == 2
    assert forget_old_files(late) == 0
    assert not home_of(done.id).exists()
    assert import_run(ctx, done.id).state == "done"
    assert run_results(ctx, done.id).rows
    with pytest.raises(NotFound):
        result_file_of(ctx, done.id)
    assert import_run(ctx, waiting.id).state == "cancelled"
    with pytest.raises(RunInState):
        confirm_import(ctx, run_id=waiting.id, in_background=False)
