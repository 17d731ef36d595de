"""The operator's first minutes: what happens in the markets, opening a second one, the trail, the clock."""

from __future__ import annotations

import re

import httpx
from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.market import Market


def test_the_overview_shows_money_orders_funnel_and_exceptions(desk: Person) -> None:
    desk.sign_in("Operator")
    expect(desk.page).to_have_url(re.compile("/console/"))
    expect(desk.page.locator(".band")).to_contain_text("PILOT")
    for days in ("90", "28"):
        desk.page.locator("nav[aria-label='Periodo'] a", has_text=days).click()
        expect(desk.page.locator("nav[aria-label='Periodo'] a[aria-current]")).to_contain_text(days)
    figures = desk.page.locator(".figure .v").all_inner_texts()
    assert any("€" in figure and figure.strip() != "0,00 €" for figure in figures), figures
    desk.page.locator("summary", has_text="Mostrar los números").nth(1).click()
    steps = desk.page.locator("table", has_text="Visitas").locator("tbody tr").all_inner_texts()
    counts = [int(re.sub(r"\D", "", row.split("\t")[1])) for row in steps]
    assert counts == sorted(counts, reverse=True), steps
    assert counts[-1] > 0, steps
    desk.check()
    with desk.page.expect_download() as file:
        desk.page.locator("section", has_text="Incidencias por motivo").locator("a", has_text="CSV").click()
    assert file.value.suggested_filename.startswith("overview-exceptions-")


def test_a_second_market_is_made_ready_opened_and_closed(desk: Person, market: Market) -> None:
    desk.sign_in("Operator")
    desk.page.get_by_role("link", name="Mercados").click()
    desk.check()
    desk.page.get_by_role("link", name="España").click()
    ticks = desk.page.locator(".ticks li")
    assert ticks.count() >= 9, "the pilot's own market was reviewed when it was loaded"
    assert ticks.locator(".bad").count() == 0
    desk.check()
    desk.go("/console/markets/IE/")
    desk.page.get_by_role("button", name="Abrir el mercado").click()
    expect(desk.page.locator(".note.bad")).to_contain_text("Aún no hay nada a la venta aquí")
    desk.seen.clear()  # the browser reports the refusal's 409 as an error
    desk.check()
    desk.page.select_option("#f-source", label="España")
    desk.page.get_by_role("button", name="Crear las ofertas").click()
    expect(desk.page.locator(".note.ok")).to_be_visible()
    expect(desk.page.locator(".ticks")).to_contain_text("productos tienen oferta")
    desk.page.get_by_role("button", name="Abrir el mercado").click()
    expect(desk.page.locator(".note.ok")).to_contain_text("El mercado está abierto")
    desk.check()
    desk.page.get_by_role("link", name="Ver la tienda").click()
    desk.page.wait_for_url("**/ie-en/")
    desk.go_until("/ie-en/", ".card")
    desk.check()
    desk.go("/console/markets/IE/")
    desk.page.get_by_role("button", name="Cerrar el mercado").click()
    expect(desk.page.locator(".note.ok")).to_be_visible()
    assert "no" in httpx.get(f"{market.url}/ie-en/", timeout=10).text.lower()


def test_what_a_person_changes_stands_in_the_trail_before_and_after(desk: Person) -> None:
    desk.sign_in("Operator")
    desk.go("/console/markets/MT/")
    desk.page.get_by_role("button", name="Volver a mirar").click()
    desk.go("/console/sellers/")
    desk.check()
    desk.page.locator("a.rowlink").first.click()
    desk.check()
    desk.page.get_by_label("Motivo").fill("Revisión del surtido")
    desk.page.get_by_role("button", name="Suspender").click()
    expect(desk.page.locator(".note.ok")).to_be_visible()
    desk.page.get_by_role("button", name="Aprobar").click()
    expect(desk.page.locator(".note.ok")).to_be_visible()
    desk.go("/console/audit/")
    # What the system writes down of it stands between.
    row = desk.page.locator("tbody tr").filter(has_text="operator@entrepot.example").nth(1)
    expect(row.locator("del").first).to_have_text("approved")
    expect(row.locator("ins").first).to_have_text("suspended")
    desk.page.get_by_label("Quién").fill("Marina")
    desk.page.get_by_role("button", name="Mostrar").click()
    expect(desk.page.locator("tbody tr").first).to_contain_text("operator@entrepot.example")
    desk.check()


def test_time_moves_when_the_operator_says_so(desk: Person) -> None:
    desk.sign_in("Operator")
    before = desk.page.locator(".clockform .now").inner_text()
    desk.page.select_option("#clock-hours", "1")
    desk.page.get_by_role("button", name="Adelantar el reloj").click()
    desk.page.wait_for_load_state()
    after = desk.page.locator(".clockform .now").inner_text()
    assert after != before
    for page in ("orders", "money", "work", "reviews", "payouts", "team", "mail", "reference"):
        desk.go(f"/console/{page}/")
        desk.check()
