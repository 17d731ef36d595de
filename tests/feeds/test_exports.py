"""What goes out comes back in without changing anything, in every format."""

from __future__ import annotations

import csv
import io
from uuid import UUID

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.catalog.commands import ProductDraft, VariantDraft, save_products
from entrepot.feeds import exports, policy
from entrepot.feeds.commands import undo_import
from entrepot.feeds.formats.reader import read_feed
from entrepot.feeds.parse import group_rows, style_of
from entrepot.feeds.queries import export_goods, run_results
from entrepot.feeds.rows import FeedFile
from entrepot.kit.errors import NotFound
from tests import make
from tests.feeds.conftest import counts, facts_stored, load

TEXT = st.text(min_size=1, max_size=40).map(policy.clean_text).filter(bool)
WORD = st.text("abcdefghijkmnopqrstuvwxyz", min_size=1, max_size=8)
SKU = st.text(st.characters(codec="ascii", categories=("L", "N", "P")), min_size=1, max_size=20).map(
    policy.clean_text
).filter(bool)  # fmt: skip
ROW = st.fixed_dictionaries(
    {"handle": SKU, "sku": SKU, "title:es": TEXT, "price": st.integers(1, 10**7).map(lambda n: f"{n // 100}.{n % 100:02d}")},
    optional={
        "brand": TEXT, "description:en": TEXT, "option:colour": TEXT, "option:size:en": TEXT, "attribute:material": TEXT,
        "quantity": st.integers(0, 10**6).map(str), "weight_g": st.integers(1, 10**6).map(str),
        "state": st.sampled_from(["active", "draft"]),
    },
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ROW, min_size=1, max_size=8, unique_by=lambda row: row["sku"]),
    st.sampled_from(["csv", "xlsx", "jsonl"]),
)
def test_any_rows_come_back_as_they_went(rows: list[dict[str, str]], kind: str) -> None:
    feed = read_feed([FeedFile("x", exports.WRITERS[kind](rows))], {})
    back = [{name: policy.clean_text(value) for name, value in row.cells.items()} for row in feed.rows]
    assert back == rows
    style = style_of(feed, {"decimal": "."}, "es")
    groups, loose = group_rows(feed, style)
    assert not loose
    assert not [line.problems for group in groups for line in group.lines if line.problems]


def test_a_value_that_looks_guarded_comes_back_from_every_format() -> None:
    rows = [{"handle": "0", "sku": "'-", "title:es": "'=x", "price": "0.01"}]
    for write in exports.WRITERS.values():
        assert [row.cells for row in read_feed([FeedFile("x", write(rows))], {}).rows] == rows


@given(st.text(max_size=60))
def test_no_cell_is_a_formula_and_each_reads_back(value: str) -> None:
    guarded = policy.guard_formula(value)
    assert not guarded.startswith(("=", "@", "\t", "\r"))
    assert not (guarded[:1] in ("+", "-") and guarded[1:2] not in "0123456789.,")
    assert policy.unguard_formula(guarded) == value


@pytest.fixture
def goods(seller: UUID) -> UUID:
    make.product(
        seller,
        "cup",
        title={"es": "Taza «azul»", "en": "=Cup, \"blue\""},
        description={"es": "Línea una\n\nLínea dos; con, todo", "en": "Plain"},
        attributes={"material": "gres", "care": "-lavar a mano"},
        safety={"es": "Frágil"},
        manufacturer={"name": "Taller Luna", "address": "Calle 1, Madrid", "email": "luna@example.es"},
        brand="@Luna",
        variants=(
            VariantDraft("CUP-B", gtin="08480000123459"[1:], options={"colour": {"es": "azul", "en": "blue"}}, weight_g=350, content_amount=330, content_unit="ml"),
            VariantDraft("CUP-R", options={"colour": "rojo"}, weight_g=360, length_mm=90, content_amount=2, content_unit="piece"),
        ),
    )  # fmt: skip
    make.product(seller, "lamp", price_minor=104_999, quantity=0, hs6="940520", vat_goods="books")
    save_products(
        make.system(),
        drafts=[ProductDraft(seller, "secret", category="home", title={"en": "Not yet"}, state="draft")],
    )
    return seller


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "google"])
def test_importing_an_export_changes_nothing(goods: UUID, kind: str) -> None:
    ctx = make.staff(goods)
    before = facts_stored()
    made = export_goods(ctx, seller_id=goods, market="ES", kind=kind, base_url="https://shop.example")
    run = load(ctx, goods, made.content, name=made.filename)
    wrong = run_results(ctx, run.id, status="changed").rows + run_results(ctx, run.id, status="error").rows
    assert set(counts(run)) == {"same"}, wrong
    assert facts_stored() == before


@pytest.mark.django_db
def test_a_spreadsheet_runs_nothing_of_it(goods: UUID) -> None:
    ctx = make.staff(goods)
    cells = [
        cell
        for row in csv.reader(
            io.StringIO(export_goods(ctx, seller_id=goods, market="ES").content.decode("utf-8-sig"))
        )
        for cell in row
    ]
    assert '\'=Cup, "blue"' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]
    book = openpyxl.load_workbook(
        io.BytesIO(export_goods(ctx, seller_id=goods, market="ES", kind="xlsx").content)
    )
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]  # type: ignore[union-attr]


@pytest.mark.django_db
def test_only_ones_own_goods_are_exported(goods: UUID) -> None:
    with pytest.raises(NotFound):
        export_goods(make.staff(make.seller()), seller_id=goods, market="ES")


@pytest.mark.django_db
def test_codes_of_customs_areas_go_through_the_sheet(seller: UUID) -> None:
    """Columns `hs_code:…` are kept, wrong ones named by their row; the export says them again; undo takes them back."""
    ctx = make.staff(seller)
    head = "handle,sku,title:es,price,quantity,hs6,hs_code:GB,hs_code:FR,image\n"
    good = "taza,T-1,Taza,9.90,3,691200,6912 0081 90,6912.00.81,photo.png\n"
    run = load(ctx, seller, head + good + "plato,P-1,Plato,9.90,3,691200,69111090,6912008100,photo.png\n")
    assert counts(run) == {"new": 1, "error": 1}
    problem = next(row for row in run_results(ctx, run.id, status="error").rows)
    assert problem.problems[0]["code"] == "hs_code_wrong"

    def codes() -> dict[str, str]:
        file = export_goods(ctx, seller_id=seller, market="ES").content.decode("utf-8-sig")
        row = next(csv.DictReader(io.StringIO(file)))
        return {name: code for name, code in row.items() if name.startswith("hs_code")}

    first = {"hs_code:EU": "69120081", "hs_code:GB": "6912008190"}
    assert codes() == first
    changed = load(ctx, seller, "handle,sku,hs_code:GB\ntaza,T-1,6912008100\n")
    assert codes() == first | {"hs_code:GB": "6912008100"}
    undo_import(ctx, run_id=changed.id)
    assert codes() == first


@pytest.mark.django_db
def test_declared_attributes_go_through_the_sheet(seller: UUID) -> None:
    """What a rule of law asks of goods has a form: a row that does not fit is named, the others are kept and come back."""
    ctx = make.staff(seller)
    head = "handle,sku,title:es,price,quantity,attribute:repair_info,attribute:energy_class,attribute:accessibility:es,image\n"
    good = "taza,T-1,Taza,9.90,3,https://maker.example/r,c,Asa grande,photo.png\n"
    run = load(ctx, seller, head + good + "plato,P-1,Plato,9.90,3,ftp://maker.example,c,,photo.png\n")
    assert counts(run) == {"new": 1, "error": 1}
    [problem] = next(row for row in run_results(ctx, run.id, status="error").rows).problems
    assert "repair_info: “ftp://maker.example” does not fit: a link begins with https://" in str(problem)
    file = export_goods(ctx, seller_id=seller, market="ES").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(file)))
    assert row["attribute:energy_class"] == "C"
    assert (row["attribute:repair_info"], row["attribute:accessibility:es"]) == (
        "https://maker.example/r",
        "Asa grande",
    )
