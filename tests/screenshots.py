"""`make screenshots`: the pictures of docs/screenshots, made anew from a fresh market. `--url URL` takes a running one."""

from __future__ import annotations

import io
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from PIL import Image

from tests.browser import chromium
from tests.journeys.conftest import DESK, PHONE, Person
from tests.journeys.test_from_cart_to_payout import add_to_cart, check_out, first_product, pay
from tests.market import ROOT, Running, running

PLACE = ROOT / "docs" / "screenshots"
MOST_BYTES = 250_000


def main(words: list[str]) -> int:
    there = nullcontext(Running(words[1])) if words[:1] == ["--url"] else running(workers=2)
    PLACE.mkdir(parents=True, exist_ok=True)
    with there as market, chromium() as browser:

        def person(size: dict[str, int], **more: Any) -> Person:
            handheld = (
                {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if size == PHONE else {}
            )
            return Person(browser, market, size, **handheld, **more)

        oil = first_product(market, seller="almazara-valdehondo")
        gadget = first_product(market, seller="shenzhen-tidewave")
        phone, desk, night = person(PHONE), person(DESK), person(DESK, color_scheme="dark")
        phone.go("/es-es/")
        take(phone, "home-phone-light")
        phone.go(str(oil["url"]))
        take(phone, "product-phone-light")
        night.go(str(gadget["url"]))
        take(night, "product-desk-dark")
        desk.go(f"/es-es/c/{oil['category']}")
        take(desk, "category-desk-light")
        desk.go("/docs")
        take(desk, "api-docs-desk-light")

        add_to_cart(phone, oil)
        add_to_cart(phone, gadget)
        phone.go("/es-es/cart")
        take(phone, "cart-phone-light")
        check_out(phone)
        take(phone, "checkout-phone-light")
        pay(phone)
        phone.page.get_by_text("pagad").first.wait_for(timeout=20_000)
        take(phone, "order-phone-light")

        seller, operator = person(DESK), person(DESK)
        seller.sign_in("Seller")
        seller.go("/seller/")
        take(seller, "seller-today-desk-light")
        operator.sign_in("Operator")
        operator.go("/console/")
        take(operator, "console-overview-desk-light")
    return 0


def take(person: Person, name: str) -> None:
    """What one sees without scrolling, once pictures and letters are there, in at most 256 colours."""
    page = person.page
    page.evaluate(
        """async () => {
          for (let y = 0; y < Math.min(document.body.scrollHeight, 4000); y += 600) {
            scrollTo(0, y); await new Promise(go => setTimeout(go, 60));
          }
          scrollTo(0, 0);
          await document.fonts.ready;
        }"""
    )
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    whole = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = PLACE / f"{name}.png"
    for colours in (256, 128, 64):
        whole.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < MOST_BYTES:
            break
    assert path.stat().st_size < MOST_BYTES, f"{name}: {path.stat().st_size} bytes"
    print(f"{path.relative_to(Path.cwd())} {whole.size[0]}×{whole.size[1]} {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
