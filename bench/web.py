"""`make bench-web`: how fast the shop answers, measured from outside, load included. Prints JSON.

Starts a fresh market with the pilot's data, three web workers, in a directory of its own, and measures it. Closed-loop load finds the highest rate; open-loop load (rate-driven, so that a slow answer is not hidden by
waiting for it) at half of that rate, and at half of the rate asked for, gives the percentiles. Sizes are gzip level 6 of what the server sends.

    python -m bench.web [--seconds 10] [--lighthouse]
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import httpx

from tests.market import Market, pids, running

ASKED = (
    250  # requests a second a page must reach on two cores, load included; its p99 is judged at half of that
)
BASE = ""
PORT = 0


def fetch(path: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(BASE + path, timeout=10) as answer:
        return answer.read(), dict(answer.headers)


def links(html: bytes, pattern: str) -> list[str]:
    return list(dict.fromkeys(re.findall(pattern, html.decode())))


async def _request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """One keep-alive request; returns the status."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    if b"content-length:" in lower:
        await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
    else:  # chunked
        while (size := int(await reader.readline(), 16)) >= 0:
            await reader.readexactly(size + 2)
            if size == 0:
                break
    return status


async def closed_loop(paths: list[str], connections: int, seconds: float) -> dict[str, float]:
    """Each connection asks again as soon as it is answered: the highest rate."""
    stop = time.monotonic() + seconds
    counts = {"ok": 0, "bad": 0}

    async def one(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        at = first
        while time.monotonic() < stop:
            status = await _request(reader, writer, paths[at % len(paths)])
            counts["ok" if status == 200 else "bad"] += 1
            at += connections
        writer.close()

    began = time.monotonic()
    await asyncio.gather(*(one(i) for i in range(connections)))
    return {"requests_per_s": round(counts["ok"] / (time.monotonic() - began), 1), "not_200": counts["bad"]}


async def open_loop(paths: list[str], rate: float, seconds: float) -> dict[str, float]:
    """Requests leave on a schedule whether or not earlier ones were answered; latency counts from the schedule."""
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    spent: list[float] = []
    bad = 0

    async def one(due: float, path: str) -> None:
        nonlocal bad
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", PORT)
        status = await _request(reader, writer, path)
        spent.append(time.monotonic() - due)
        bad += status != 200
        idle.append((reader, writer))

    began = time.monotonic()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        pause = due - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
        tasks.append(asyncio.create_task(one(due, paths[number % len(paths)])))
    await asyncio.gather(*tasks)
    for _, writer in idle:
        writer.close()
    spent.sort()
    at = {name: round(1000 * spent[min(len(spent) - 1, int(len(spent) * share))], 1) for name, share in
          (("p50_ms", 0.5), ("p99_ms", 0.99), ("p999_ms", 0.999))}  # fmt: skip
    return {"rate": round(rate, 1), **at, "not_200": bad}


def memory_mb(market: Market) -> dict[str, float]:
    """Proportional memory (PSS: shared pages counted once) of each of the market's processes."""
    names = ("postgres", "intake.writer", "intake.edge", "app.worker", "granian", "entrepot\0up")
    found: dict[str, float] = {}
    for pid in pids(market):
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        pss_kb = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
        name = next((name for name in names if name in line), "web worker").replace(
            "entrepot\0up", "supervisor"
        )
        found[name] = round(found.get(name, 0) + (int(pss_kb[1]) / 1024 if pss_kb else 0), 1)
    found["all"] = round(sum(found.values()), 1)
    return found


def sizes(path: str) -> dict[str, float]:
    """gzip kilobytes of a page's HTML, its styles and its scripts."""
    html, _ = fetch(path)
    kb = {"html_kb": len(gzip.compress(html, 6)) / 1024, "css_kb": 0.0, "js_kb": 0.0}
    for link in links(html, r'(?:href|src)="(/static/[^"]+\.(?:css|js))"'):
        body, _ = fetch(link)
        kb["css_kb" if link.endswith("css") else "js_kb"] += len(gzip.compress(body, 6)) / 1024
    return {name: round(value, 1) for name, value in kb.items()}


def lighthouse(pages: dict[str, str], cookie: str) -> dict[str, dict[str, object]]:
    """Lighthouse's mobile scores, 0 to 100, and the audits below 0.9, by the npm package and a local Chromium."""
    from tests.browser import find

    npx, chromium = shutil.which("npx"), find()
    if not npx or not chromium:
        raise SystemExit("Lighthouse needs npx (Node) and Chromium; neither is part of the product.")
    scores = {}
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "report.json"
        words = ["--yes", "lighthouse@12", "--quiet", "--output=json", f"--output-path={out}",
                 "--chrome-flags=--headless=new --no-sandbox --disable-gpu"]  # fmt: skip
        for name, path in pages.items():
            asked = [npx, *words, BASE + path]
            asked += [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if name == "cart" else []
            for attempt in range(3):  # Chromium now and then loses its own trace (NO_NAVSTART)
                done = subprocess.run(asked, cwd=scratch, env=os.environ | {"CHROME_PATH": chromium}, stdout=sys.stderr, check=attempt == 2)  # fmt: skip
                if done.returncode == 0:
                    break
            report = json.loads(out.read_text())
            weak = [
                part["id"]
                for category in report["categories"].values()
                for part in category["auditRefs"]
                if part["weight"] and (report["audits"][part["id"]]["score"] or 1) < 0.9
            ]
            found = {key: round(100 * part["score"]) for key, part in report["categories"].items()}
            scores[name] = found | {"weak": weak}
    return scores


def filled_cart(product: str) -> str:
    """The cookies of a shopper who has put this product into the cart."""
    with httpx.Client(base_url=BASE, headers={"Origin": BASE}, follow_redirects=True) as client:
        page = client.get(product).text
        form = page[page.index('action="/es-es/cart/add"') :]
        fields = dict(
            re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form[: form.index("</form>")])
        )
        client.post("/es-es/cart/add", data=fields).raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", type=int, default=12)
    parser.add_argument("--lighthouse", action="store_true")
    options = parser.parse_args()
    with running(workers=3) as market:
        global BASE, PORT
        BASE, PORT = market.url, market.port
        print(json.dumps(measure(market, options), indent=1))


def measure(market: Market, options: argparse.Namespace) -> dict[str, object]:
    """Everything `make bench-web` prints."""
    home, _ = fetch("/es-es/")
    categories = links(home, r'href="(/es-es/c/[^"?#]+)"')
    products = [
        link for path in categories[:8] for link in links(fetch(path)[0], r'href="(/es-es/p/[^"?#]+)"')
    ]
    result: dict[str, object] = {"memory_mb": memory_mb(market), "cores": os.cpu_count()}
    for name, paths in {"product": products, "category": categories}.items():
        asyncio.run(closed_loop(paths, options.connections, 2))  # warm
        peak = asyncio.run(closed_loop(paths, options.connections, options.seconds))
        half = asyncio.run(open_loop(paths, peak["requests_per_s"] / 2, options.seconds))
        asked = asyncio.run(open_loop(paths, ASKED / 2, options.seconds))
        result[name] = {
            "pages": len(paths),
            "peak": peak,
            "at_half": half,
            "at_half_of_asked": asked,
            "size": sizes(paths[0]),
        }
    if options.lighthouse:
        pages = {"home": "/es-es/", "category": categories[0], "product": products[0], "cart": "/es-es/cart"}
        result["lighthouse"] = lighthouse(pages, filled_cart(products[0]))
    return result


if __name__ == "__main__":
    main()
