"""A worker's phone in a real browser: fifty parcels scanned without a network, doubled, and sent home exactly once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

from entrepot.kit import clock
from entrepot.kit.ids import new_id
from entrepot.logistics.commands import (
    create_consignment,
    expect_parcels,
    hand_over_parcels,
    open_cage,
    open_due_cages,
    pack_parcel,
)
from entrepot.logistics.models import Cage, FloorParcel, FloorScan, ParcelEvent
from entrepot.logistics.queries import Address, GoodsItem, labels_of_orders
from entrepot.parties import commands as parties
from entrepot.parties.models import User
from entrepot.storefront.assets import build_assets
from tests import make
from tests.browser import FLAGS, find

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
BARCELONA = Address("Casa Roca", "Carrer de Mallorca 1", "08001", "Barcelona", "ES")
MADRID = Address("Ana García", "Calle de Alcalá 1", "28013", "Madrid", "ES")
FIFTY = 50


@pytest.fixture
def parcels() -> list[str]:
    """Fifty parcels on their way from Barcelona through Madrid, and a few that customs holds."""
    ctx = make.system(at=clock.now())
    numbers, ids = [], []
    for order in range(FIFTY):
        create_consignment(
            ctx, order_id=1 + order, seller_id=new_id(), purchase_ref="AAAA-BBBBB-CCCCC", market="ES", language="es",
            origin=BARCELONA, destination=MADRID, goods=[GoodsItem("S-1", "Taza", 1, 400, 1250, "EUR", "691200", "ES")],
        )  # fmt: skip
        parcel = pack_parcel(ctx, order_id=1 + order, weight_g=900)
        hand_over_parcels(ctx, parcel_ids=[parcel.id])
        numbers.append(parcel.tracking_no)
        ids.append(parcel.id)
    expect_parcels(ctx, parcel_ids=ids)
    # Make them due now, and their wave a few hours away, whatever the day of the week.
    FloorParcel.objects.filter(hub="MAD").update(
        due_at=clock.now(), departs_at=(clock.now() + timedelta(hours=5)).replace(second=0, microsecond=0)
    )
    open_due_cages(ctx)
    return numbers


@pytest.fixture
def site(live_server: Any, settings: Any) -> Any:
    settings.BASE_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    build_assets()
    return live_server


@contextmanager
def worker(site: Any, *flags: str) -> Iterator[BrowserContext]:
    """The phone of Tomasz, who has signed in."""
    account = make.person("tomasz@entrepot.example", name="Tomasz")
    parties.grant_operator_role(make.system(), email="tomasz@entrepot.example", role="hub")
    client = Client()
    client.force_login(User.objects.get(pk=account.user_id))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=[*FLAGS, *flags])
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB", base_url=site.url
        )
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": site.url}])
        yield context
        browser.close()


@pytest.fixture
def phone(site: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserContext]:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs beside our own queries
    with worker(site) as context:
        yield context


def open_page(context: BrowserContext, task: str) -> tuple[Page, list[str]]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"/hub/MAD/scan?task={task}")
    page.wait_for_selector("#scan[data-ready=yes][data-offline=ready]")
    return page, said


def wedge(page: Page, code: str) -> str:
    """A scanner in keyboard mode: types the code and Enter; the kind of the answer."""
    before = page.get_attribute("[data-panel]", "data-count") or "0"
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('[data-panel]').dataset.count !== before", arg=before, timeout=2_000
    )
    return page.get_attribute("[data-panel]", "data-kind") or ""


def waiting(page: Page) -> int:
    return int(page.get_attribute("#scan", "data-waiting") or "0")


def answer_times(page: Page) -> list[float]:
    return sorted(page.evaluate("performance.getEntriesByName('hub-answer').map(each => each.duration)"))


def test_fifty_parcels_without_a_network_come_home_exactly_once(
    phone: BrowserContext, parcels: list[str]
) -> None:
    page, said = open_page(phone, "receive")
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    phone.set_offline(True)
    assert [wedge(page, code) for code in parcels] == ["ok"] * FIFTY
    assert [wedge(page, code) for code in parcels[:20]] == ["warn"] * 20  # doubled: said so, not kept again
    assert wedge(page, "EP9999999999999") == "warn"  # unknown: kept for the hub to judge
    assert waiting(page) == FIFTY + 1
    assert FloorScan.objects.count() == 0
    # The phone is locked and woken without a network: page and queue are still there.
    page.reload()
    page.wait_for_selector("#scan[data-ready=yes]")
    assert waiting(page) == FIFTY + 1
    assert wedge(page, parcels[3]) == "warn"
    phone.set_offline(False)
    page.wait_for_selector("#scan[data-waiting='0']", timeout=20_000)
    page.wait_for_selector("#scan[data-net=synced]")
    assert FloorScan.objects.count() == FIFTY + 1
    assert set(FloorParcel.objects.filter(hub="MAD").values_list("state", flat=True)) == {"received"}
    assert ParcelEvent.objects.filter(source="hub", code="arrived").count() == FIFTY
    assert FloorScan.objects.filter(outcome="unknown_parcel").count() == 1
    # Sent again, as when an answer was lost: nothing changes.
    again = page.evaluate(
        """async (scans) => {
          const state = await (await fetch('/hub/MAD/state')).json();
          const answer = await fetch('/hub/MAD/sync', {method: 'POST', headers: {'Content-Type': 'application/json', 'X-CSRFToken': state.csrf},
            body: JSON.stringify({device: 'x', sent_at: new Date().toISOString(), scans})});
          return (await answer.json()).answers.map(each => each[3]);
        }""",
        [
            {
                "id": str(row.id),
                "kind": row.kind,
                "code": row.code,
                "at": row.told_at.isoformat(),
                "seq": row.seq,
            }
            for row in FloorScan.objects.all()
        ],
    )
    assert again == [1] * (FIFTY + 1)
    assert FloorScan.objects.count() == FIFTY + 1
    assert not [text for text in said if "net::ERR_" not in text], said
    page.close()


def test_answers_come_from_the_phone_in_less_than_a_fifth_of_a_second(
    phone: BrowserContext, parcels: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page, _ = open_page(phone, "receive")
    phone.set_offline(True)
    for code in parcels:
        wedge(page, code)
    page.wait_for_function("count => performance.getEntriesByName('hub-answer').length === count", arg=FIFTY)
    times = answer_times(page)
    middle, slowest = times[len(times) // 2], times[-1]
    with capsys.disabled():
        print(f"\nhub scan answer, {len(times)} scans offline: p50 {middle:.1f} ms, slowest {slowest:.1f} ms")
    assert times[int(len(times) * 0.95)] < 200
    page.close()


def test_sorting_needs_the_right_cage_and_loading_closes_it(
    phone: BrowserContext, parcels: list[str]
) -> None:
    ctx = make.system(at=clock.now())
    page, said = open_page(phone, "sort")
    cage = Cage.objects.get(hub="MAD", lane=FloorParcel.objects.filter(hub="MAD").first().lane)  # type: ignore[union-attr]
    other = open_cage(ctx, hub="MAD", lane="MAD-VLC-road-sta")
    page.reload()
    page.wait_for_selector("#scan[data-ready=yes]")
    page.wait_for_function("() => document.querySelector('[data-knows]').textContent")
    page.wait_for_timeout(500)
    assert wedge(page, cage.code) == "warn"  # a parcel first
    assert wedge(page, parcels[0]) == "info"
    assert wedge(page, other.code) == "bad"  # the wrong cage
    assert FloorScan.objects.count() == 0  # never a move without a confirmation
    assert wedge(page, cage.code) == "ok"
    assert wedge(page, parcels[1]) == "info"
    page.locator("[data-confirm]").tap()
    page.wait_for_selector("[data-panel][data-kind=ok]")
    assert wedge(page, "EP0") == "bad"
    page.wait_for_selector("#scan[data-waiting='0']")
    assert FloorParcel.objects.filter(hub="MAD", state="sorted", cage=cage).count() == 2
    page.locator("[data-tab=load]").tap()
    assert wedge(page, parcels[0]) == "bad"
    assert wedge(page, cage.code) == "ok"
    assert wedge(page, cage.code) == "warn"
    page.locator("[data-tab=exception]").tap()
    assert wedge(page, parcels[5]) == "warn"  # choose why first
    page.locator("[name=reason][value=damaged]").check()
    assert wedge(page, parcels[5]) == "ok"
    page.wait_for_selector("#scan[data-waiting='0']")
    assert FloorParcel.objects.filter(hub="MAD", state="loaded").count() == 2
    assert FloorParcel.objects.get(hub="MAD", parcel__tracking_no=parcels[5]).reason == "damaged"
    assert not said
    page.close()


def test_a_signed_out_phone_keeps_its_scans(phone: BrowserContext, parcels: list[str], site: Any) -> None:
    page, _ = open_page(phone, "receive")
    kept = phone.cookies()
    phone.clear_cookies()
    wedge(page, parcels[0])
    page.wait_for_selector("#scan[data-net=signed_out]")
    assert waiting(page) == 1
    phone.add_cookies(kept)  # type: ignore[arg-type]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("#scan[data-waiting='0']", timeout=15_000)
    assert FloorScan.objects.count() == 1
    page.close()


@pytest.mark.parametrize(("wide", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_page_is_usable(phone: BrowserContext, parcels: list[str], scheme: Any, wide: int) -> None:
    page, said = open_page(phone, "receive")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": wide, "height": 844})
    for path, code in (
        ("/hub/", ""), ("/hub/MAD/scan?task=receive", parcels[0]), ("/hub/MAD/scan?task=sort", parcels[1]),
        ("/hub/MAD/scan?task=sort", "EP1"), ("/hub/MAD/scan?task=exception", parcels[1]), ("/hub/MAD/shift", ""),
        ("/hub/MAD/cages", ""),
    ):  # fmt: skip
        page.goto(path)
        if code:
            page.wait_for_selector("#scan[data-ready=yes]")
            wedge(page, code)
        page.wait_for_timeout(200)
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        assert result.violations_count == 0, f"{path} {scheme} {wide}\n{result.generate_report()}"
        wide_one = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1)"
            ".map(each => each.outerHTML.slice(0, 90))"
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, wide_one[:3])
        if where := os.environ.get("ENTREPOT_SHOTS"):
            page.screenshot(path=f"{where}/{len(os.listdir(where)):02}-{wide}-{scheme}.png", full_page=True)
    assert not said, said
    page.close()


def test_without_javascript_the_form_scans(phone: BrowserContext, parcels: list[str], site: Any) -> None:
    assert phone.browser is not None
    plain = phone.browser.new_context(java_script_enabled=False, base_url=site.url)
    plain.add_cookies(phone.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto("/hub/MAD/scan?task=receive")
    page.fill("#scan-code", parcels[0])
    page.press("#scan-code", "Enter")
    page.wait_for_load_state()
    assert "ok" in (page.get_attribute("[data-panel]", "class") or "")
    assert FloorParcel.objects.get(hub="MAD", parcel__tracking_no=parcels[0]).state == "received"
    plain.close()


def film(order_id: int, path: Path) -> None:
    """A film (YUV4MPEG2, 640 × 480) of the order's printed label, lying a little aslant on a grey desk."""
    page = pypdfium2.PdfDocument(labels_of_orders(make.system(), [order_id]))[0]
    label = page.render(scale=1.8).to_pil().convert("RGB")
    desk = Image.new("RGB", (640, 480), (120, 110, 100))
    desk.paste(
        label.rotate(3, expand=True, fillcolor=(120, 110, 100), resample=Image.Resampling.BICUBIC), (60, -300)
    )
    bright, blue, red = desk.convert("YCbCr").split()
    frame = b"".join([bright.tobytes(), *(each.reduce(2).tobytes() for each in (blue, red))])
    path.write_bytes(b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + frame) * 2)


def test_the_camera_reads_a_printed_label(
    site: Any, parcels: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    film(1, tmp_path / "label.y4m")
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with worker(site, *flags, f"--use-file-for-fake-video-capture={tmp_path / 'label.y4m'}") as context:
        page, said = open_page(context, "receive")
        page.locator("[data-camera]").tap()
        page.wait_for_selector("[data-panel][data-kind=ok]", timeout=10_000)
        page.wait_for_selector("#scan[data-waiting='0']")
        page.wait_for_timeout(300)  # it goes on looking: the same label is not scanned again
        assert FloorParcel.objects.filter(hub="MAD", state="received").count() == 1
        assert FloorParcel.objects.get(hub="MAD", parcel__tracking_no=parcels[0]).state == "received"
        assert page.get_attribute("[data-panel]", "data-count") == "1"
        page.locator("[data-camera]").tap()
        assert page.locator("[data-video]").is_hidden()
        assert not said
        page.close()
