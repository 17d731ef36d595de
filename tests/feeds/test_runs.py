"""An import says what happens to every row, before and after; a bad row stops no good one; it can be taken back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID

import openpyxl
import pytest

from entrepot.catalog.queries import products_by_handle, products_by_id
from entrepot.feeds.commands import apply_part, confirm_import, map_columns, start_import, undo_import
from entrepot.feeds.errors import ColumnsUnknown, CurrencyUnclear, ImportHasErrors, RunInState, UndoTooLate
from entrepot.feeds.queries import import_run, result_file_of, run_results
from entrepot.feeds.reactions import apply_feed, check_feed
from entrepot.inventory.commands import StockDraft, save_stock
from entrepot.inventory.queries import locations_of, stock_of_variants
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.jobs import Progress
from entrepot.kit.models import Job
from entrepot.offers.commands import change_price
from entrepot.offers.queries import offers_for_products
from tests import make
from tests.feeds.conftest import apply, check, counts, facts_stored, load, photo

pytestmark = pytest.mark.django_db

SHEET = """\
handle,sku,title,description,category,price,stock,colour,ean,weight g,origin,image
cup,CUP-B,Taza de café,"Cerámica, hecha a mano en la ciudad",Cocina,"12,50",7,azul,8480000123459,350,España,photo.png
cup,CUP-R,,,,"12,50",3,rojo,,350,,
lamp,LAMP,Lámpara de mesa,Con pantalla de lino y la base de madera,kitchen,"1.045,00",2,,,1200,PT,photo.png
"""


def test_a_sheet_becomes_goods_on_sale(seller: UUID) -> None:
    ctx = make.staff(seller)
    run = check(ctx, seller, SHEET)
    assert counts(run) == {"new": 3}
    assert (run.state, run.counts["rows"], run.counts["products"]) == ("checked", 3, 2)
    assert products_by_handle(ctx, seller, ["cup", "lamp"]) == {}
    run = apply(ctx, run.id)
    assert counts(run) == {"new": 3}
    goods = products_by_handle(ctx, seller, ["cup", "lamp"])
    cup = goods["cup"]
    assert cup.title == {"es": "Taza de café"}
    assert (cup.category.slug, cup.origin_country, cup.state) == ("kitchen", "ES", "active")
    assert [variant.options for variant in cup.variants] == [{"colour": "azul"}, {"colour": "rojo"}]
    assert cup.variants[0].gtin == "8480000123459"
    offers = offers_for_products("ES", [cup.id, goods["lamp"].id])
    assert {offer.price_minor for offer in offers[cup.id]} == {1250}
    assert offers[goods["lamp"].id][0].price_minor == 104_500
    shelves = stock_of_variants(ctx, [cup.variants[0].id])
    assert shelves[cup.variants[0].id][0].pending == 7


def test_the_same_file_twice_changes_nothing(seller: UUID) -> None:
    ctx = make.staff(seller)
    load(ctx, seller, SHEET)
    facts = facts_stored()
    assert counts(check(ctx, seller, SHEET)) == {"same": 3}
    assert counts(load(ctx, seller, SHEET)) == {"same": 3}
    assert facts_stored() == facts


def test_a_bad_row_stops_no_good_one_and_says_column_value_rule_and_hint(seller: UUID) -> None:
    ctx = make.staff(seller)
    rows = [
        "sku,title,price,stock,ean,origin,estado del producto",
        "A1,Bueno,10.00,1,,ES,new",
        "A2,Mal precio,diez,1,,ES,new",
        "A3,Mal código,10.00,1,8480000123450,ES,new",
        "A4,,10.00,1,,ES,new",
        "A5,Negativo,10.00,-1,,ES,new",
        "A6,País,10.00,1,,Atlántida,new",
        "A7,Cero,0,1,,ES,new",
        "A8,Celdas,10.00,1,,ES,new,otra,más",
        ",Nadie,10.00,1,,ES,new",
        "A9,Ancho,１０,1,,ES,new",
        "A1,Otro,11.00,1,,ES,new",
        "B1,También bueno,10.00,1,,ES,nuevo",
        "B2,Estado,10.00,1,,ES,roto",
    ]
    run = load(ctx, seller, "\n".join(rows))
    assert counts(run) == {"new": 2, "error": 11}
    codes = {row.number: row.code for row in run_results(ctx, run.id, status="error").rows}
    assert codes == {
        3: "price_not_a_number", 4: "gtin_check_digit", 5: "missing_title", 6: "quantity_out_of_range",
        7: "country_unknown", 8: "price_not_positive", 9: "too_many_cells", 10: "no_identifier",
        11: "price_not_a_number", 12: "sku_twice", 14: "condition_unknown",
    }  # fmt: skip
    problem = run_results(ctx, run.id, status="error").rows[0].problems[0]
    assert problem["column"] == "price"
    assert problem["value"] == "diez"
    assert "number" in problem["rule"]
    assert problem["hint"]
    assert set(products_by_handle(ctx, seller, ["A1", "A2", "B1"])) == {"A1", "B1"}


def test_all_or_nothing(seller: UUID) -> None:
    ctx = make.staff(seller)
    run = check(ctx, seller, "sku,title,price\nA,Uno,1.00\nB,Dos,x\n")
    with pytest.raises(ImportHasErrors):
        confirm_import(ctx, run_id=run.id, all_or_nothing=True, in_background=False)
    assert products_by_handle(ctx, seller, ["A"]) == {}
    assert counts(apply(ctx, run.id)) == {"new": 1, "error": 1}


def test_a_blank_cell_deletes_nothing(seller: UUID) -> None:
    ctx = make.staff(seller)
    load(ctx, seller, SHEET)
    run = load(ctx, seller, "handle,sku,title,description,price,stock,colour\ncup,CUP-B,,,13.00,,\n")
    assert counts(run) == {"changed": 1}
    [row] = run_results(ctx, run.id).rows
    assert row.changes == {"price_minor": [1250, 1300]}
    cup = products_by_handle(ctx, seller, ["cup"])["cup"]
    assert cup.title == {"es": "Taza de café"}
    assert cup.variants[0].options == {"colour": "azul"}


def test_the_same_quantity_again_is_no_delivery(seller: UUID) -> None:
    ctx = make.staff(seller)
    load(ctx, seller, SHEET)
    cup = products_by_handle(ctx, seller, ["cup"])["cup"]
    place = locations_of(ctx, seller)[0].id
    save_stock(ctx, drafts=[StockDraft(seller, cup.variants[0].id, place, delta=-4)])
    run = load(ctx, seller, SHEET)
    assert counts(run) == {"same": 3}
    assert "3 are left" in run_results(ctx, run.id).rows[0].notes[0]
    assert stock_of_variants(ctx, [cup.variants[0].id])[cup.variants[0].id][0].pending == 3
    assert counts(load(ctx, seller, SHEET, set_stock=True)) == {"changed": 1, "same": 2}


def test_undo_takes_back_what_is_still_its_own(seller: UUID) -> None:
    ctx = make.staff(seller)
    load(ctx, seller, SHEET)
    run = load(
        ctx,
        seller,
        "handle,sku,title,price,stock,colour\ncup,CUP-B,Tazón,20.00,9,verde\ncup,CUP-R,,21.00,,\nnew,NEW,Nuevo,5.00,4,\n",
    )
    cup = products_by_handle(ctx, seller, ["cup"])["cup"]
    offers = {offer.variant_id: offer for offer in offers_for_products("ES", [cup.id])[cup.id]}
    change_price(ctx, offer_id=offers[cup.variants[1].id].id, price_minor=2200)  # somebody changed it since
    assert undo_import(ctx, run_id=run.id) == {"removed": 1, "restored": 1, "kept": 1}
    cup = products_by_handle(ctx, seller, ["cup"])["cup"]
    assert cup.title == {"es": "Taza de café"}
    assert cup.variants[0].options == {"colour": "azul"}
    prices = {offer.variant_id: offer.price_minor for offer in offers_for_products("ES", [cup.id])[cup.id]}
    assert prices == {cup.variants[0].id: 1250, cup.variants[1].id: 2200}
    assert stock_of_variants(ctx, [cup.variants[0].id])[cup.variants[0].id][0].pending == 7
    new = products_by_handle(ctx, seller, ["new"])["new"]
    assert products_by_id([new.id]) == {}
    assert offers_for_products("ES", [new.id]) == {}
    with pytest.raises(RunInState):
        undo_import(ctx, run_id=run.id)


def test_what_was_undone_can_be_imported_again(seller: UUID) -> None:
    ctx = make.staff(seller)
    run = load(ctx, seller, SHEET)
    undo_import(ctx, run_id=run.id)
    again = load(ctx, seller, SHEET)
    assert again.counts["error"] == 0
    lamp = products_by_handle(ctx, seller, ["lamp"])["lamp"]
    assert lamp.state == "active"
    assert offers_for_products("ES", [lamp.id])[lamp.id][0].price_minor == 104_500
    assert stock_of_variants(ctx, [lamp.variants[0].id])[lamp.variants[0].id][0].pending == 2
    assert counts(load(ctx, seller, SHEET)) == {"same": 3}


def test_undo_has_a_day(seller: UUID) -> None:
    run = load(make.staff(seller), seller, SHEET)
    late = make.staff(seller, at=make.NOW + timedelta(hours=25))
    with pytest.raises(UndoTooLate):
        undo_import(late, run_id=run.id)


def test_a_mapping_is_remembered_by_the_columns(seller: UUID) -> None:
    ctx = make.staff(seller)
    sheet = "Kennung,Was es ist,Kosten\nX1,Ein Becher für die Küche und das Büro,9.90\n"
    with pytest.raises(ColumnsUnknown):
        check(ctx, seller, sheet)
    mapping = {"Kennung": "sku", "Was es ist": "title:de", "Kosten": "price"}
    assert counts(load(ctx, seller, sheet, mapping=mapping)) == {"new": 1}
    assert products_by_handle(ctx, seller, ["X1"])["X1"].title == {
        "de": "Ein Becher für die Küche und das Büro"
    }
    other = make.seller()
    with pytest.raises(ColumnsUnknown):
        check(make.staff(other), other, sheet.replace("9.90", "9.80"))


def test_a_run_as_jobs_with_a_mapping_said_later(seller: UUID) -> None:
    ctx = make.staff(seller)
    body = b"sku,Wie es heisst,price\nX1,Becher,9.90\n"
    started = start_import(
        ctx, seller_id=seller, filename="../../etc/x.csv", content=body, options={"market": "ES"}
    )
    job = Job.objects.get(id=started.job_id)
    check_feed(ctx, Progress(job.id), job.params)
    run = import_run(ctx, started.run_id)
    assert run.filename == "x.csv"
    assert counts(run) == {"error": 1}
    map_columns(ctx, run_id=run.id, mapping={"Wie es heisst": "title"})
    job = Job.objects.get(id=import_run(ctx, run.id).job_id)
    check_feed(ctx, Progress(job.id), job.params)
    assert counts(import_run(ctx, run.id)) == {"new": 1}
    with pytest.raises(Invalid):
        map_columns(ctx, run_id=run.id, mapping={"sku": "nonsense"})
    job = Job.objects.get(id=confirm_import(ctx, run_id=run.id))
    apply_feed(ctx, Progress(job.id), job.params)
    job.refresh_from_db()
    assert (job.done, job.total) == (1, 1)
    assert import_run(ctx, run.id).state == "done"


def test_a_job_keeps_the_sentence_of_a_file_that_cannot_be_read(seller: UUID) -> None:
    ctx = make.staff(seller)
    started = start_import(
        ctx, seller_id=seller, filename="x.pdf", content=b"%PDF-1.7", options={"market": "ES"}
    )
    answer = check_feed(ctx, Progress(started.job_id), {"run": str(started.run_id)})  # type: ignore[arg-type]
    assert answer["error"] == "file_refused"
    assert "CSV" in import_run(ctx, started.run_id).message


def test_prices_of_a_foreign_seller_say_their_currency(seller: UUID) -> None:
    far = make.seller(country="GB")
    ctx = make.staff(far)
    sheet = "sku,title,price\nA,Cup,1.295\n"
    with pytest.raises(CurrencyUnclear):
        check(ctx, far, sheet, decimal=".")
    run = load(ctx, far, sheet, decimal=".", currency="GBP")
    assert "GBP" in run.rates
    [row] = run_results(ctx, run.id).rows
    assert "half up" in row.notes[0]
    assert counts(load(ctx, far, "sku,title,price\nB,Cup,2.00 EUR\n")) == {"new": 1}


def test_the_result_file_is_the_input_with_a_verdict(seller: UUID) -> None:
    ctx = make.staff(seller)
    run = load(ctx, seller, "sku,title,price\nA,=HYPERLINK(1),1.00\nB,Dos,x\n")
    rows = list(csv.reader(io.StringIO(result_file_of(ctx, run.id).read_text("utf-8-sig"))))
    assert rows[0] == ["sku", "title", "price", "status", "error_code", "message"]
    assert rows[1][:5] == ["A", "'=HYPERLINK(1)", "1.00", "new", ""]
    assert rows[2][3:5] == ["error", "price_not_a_number"]
    assert products_by_handle(ctx, seller, ["A"])["A"].title == {"es": "=HYPERLINK(1)"}


def test_workbooks_and_tabs_and_old_encodings(seller: UUID) -> None:
    ctx = make.staff(seller)
    book = openpyxl.Workbook()
    book.active.append(["SKU", "Título", "Precio", "Stock", "EAN"])  # type: ignore[union-attr]
    book.active.append(["X1", "Taza", 12.5, 7.0, 8480000123459])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    load(ctx, seller, out.getvalue(), name="x.xlsx")
    [variant] = products_by_handle(ctx, seller, ["X1"])["X1"].variants
    assert variant.gtin == "8480000123459"
    load(ctx, seller, "sku\ttítulo\tprecio\tfoto\nX2\tJarrón\t1.234,50\tphoto.png\n", name="x.tsv")
    run = load(ctx, seller, "sku;título;precio\nX3;Señal;1,50\n".encode("cp1252"))
    assert any("1252" in note for note in run.notes)
    goods = products_by_handle(ctx, seller, ["X2", "X3"])
    assert (goods["X2"].title["es"], goods["X3"].title["es"]) == ("Jarrón", "Señal")
    assert offers_for_products("ES", [goods["X2"].id])[goods["X2"].id][0].price_minor == 123_450


def test_another_sellers_run_does_not_exist(seller: UUID) -> None:
    run = check(make.staff(seller), seller, SHEET)
    other = make.staff(make.seller())
    for ask in (
        lambda: import_run(other, run.id),
        lambda: run_results(other, run.id),
        lambda: confirm_import(other, run_id=run.id),
        lambda: apply_part(other, run_id=run.id),
        lambda: undo_import(other, run_id=run.id),
        lambda: result_file_of(other, run.id),
        lambda: start_import(other, seller_id=seller, filename="x", content=b"x"),
    ):
        with pytest.raises(NotFound):
            ask()
    taken = load(make.staff(seller), seller, SHEET)
    assert taken.counts["error"] == 0


def test_a_sku_of_another_product_is_told(seller: UUID) -> None:
    ctx = make.staff(seller)
    load(ctx, seller, SHEET)
    run = load(ctx, seller, "handle,sku,title,price\nother,CUP-B,Otra,1.00\nother,OTHER,,2.00\n")
    codes = [(row.number, row.status, row.code) for row in run_results(ctx, run.id).rows]
    assert codes[0] == (2, "error", "sku_of_another_product")


def test_pages_of_rows(seller: UUID) -> None:
    ctx = make.staff(seller)
    run = check(ctx, seller, "sku,title,price\n" + "".join(f"S{n},Cosa {n},1.00\n" for n in range(25)))
    seen, cursor = [], ""
    while True:
        page = run_results(ctx, run.id, cursor, limit=10)
        seen += [row.number for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == list(range(2, 27))
    with pytest.raises(Invalid):
        run_results(ctx, run.id, "x' OR 1=1")


def test_goods_from_outside_wait_for_their_customs_facts(seller: UUID) -> None:
    far = make.seller(country="GB")
    ctx = make.staff(far)
    sheet = "sku,title,price,stock,image\nA,Cup,9.90 EUR,4,photo.png\nB,Mug,8.90 EUR,1,photo.png\n"
    run = load(ctx, far, sheet)
    assert counts(run) == {"new": 2}
    notes = run_results(ctx, run.id).rows[0].notes
    assert any("not on sale" in note for note in notes)
    assert any(note.startswith("CUSTOMS-HS") for note in notes)
    product = products_by_handle(ctx, far, ["A"])["A"]
    assert offers_for_products("ES", [product.id]) == {}
    assert counts(load(ctx, far, sheet)) == {"same": 2}
    run = load(
        ctx, far, sheet, defaults={"hs6": "6911.10.00", "origin_country": "United Kingdom", "maker": "self"}
    )
    assert counts(run) == {"changed": 2}
    assert len(offers_for_products("ES", [product.id])) == 1
    assert products_by_handle(ctx, far, ["A"])["A"].hs6 == "691110"
    with pytest.raises(Invalid):
        check(ctx, far, sheet, defaults={"hs6": "69"})
    with pytest.raises(Invalid):
        check(ctx, far, sheet, defaults={"price": "1"})
    with pytest.raises(Invalid):
        check(ctx, far, sheet, defaults={"maker": "somebody"})


def test_what_the_law_asks_is_listed_with_rule_field_and_way_out_and_holds_the_offer_back(
    seller: UUID,
) -> None:
    ctx = make.staff(seller)
    sheet = "sku,title,price,stock,hs6,origin\nA,Aceite de oliva,9.90,4,150920,ES\n"
    run = load(ctx, seller, sheet, defaults={})
    notes = run_results(ctx, run.id).rows[0].notes
    assert {note.partition(",")[0] for note in notes if note[:3] in ("GP-", "DS-")} == {
        "GP-19A", "GP-19B", "GP-19C", "GP-19E", "GP-FOOD",
    }  # fmt: skip
    assert "GP-FOOD, ingredients.es: Food needs its ingredients" in " ".join(notes)
    product = products_by_handle(ctx, seller, ["A"])["A"]
    assert offers_for_products("ES", [product.id]) == {}
    whole = (
        "sku,title,price,ingredients,image\nA,Aceite de oliva,9.90,Aceite de oliva virgen extra,photo.png\n"
    )
    load(ctx, seller, whole)
    assert offers_for_products("ES", [product.id])[product.id][0].price_minor == 990


def test_a_photo_that_is_none_holds_its_offer_back_and_stops_no_other(seller: UUID) -> None:
    ctx = make.staff(seller)
    sheet = "sku,title,price,image\nA,Taza,9.90,broken.png\nB,Plato,7.90,photo.png\n"
    run = load(ctx, seller, sheet, beside={"broken.png": b"\x89PNG not really", "photo.png": photo()})
    assert counts(run) == {"new": 2}
    goods = products_by_handle(ctx, seller, ["A", "B"])
    assert set(offers_for_products("ES", [view.id for view in goods.values()])) == {goods["B"].id}
    notes = next(row.notes for row in run_results(ctx, run.id).rows if row.sku == "A")
    assert any("GP-19E" in note for note in notes)
