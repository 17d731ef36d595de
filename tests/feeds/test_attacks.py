"""Files that are meant to hurt: refused at once, with a sentence."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
from uuid import UUID

import pytest

from entrepot.catalog.queries import products_by_handle
from entrepot.feeds.errors import FileRefused
from entrepot.feeds.formats.reader import read_feed
from entrepot.feeds.rows import FeedFile
from entrepot.feeds.store import home_of
from entrepot.kit.errors import Refusal
from tests import make
from tests.feeds.conftest import check, counts, load

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><item><title>&c;</title></item></channel></rss>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<rss><channel><item><title>&x;</title></item></channel></rss>"""


def bundle(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts:
            file.writestr(name, body)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        BILLION_LAUGHS,
        OUTSIDE,
        b"<rss>" * 5_000,
        b"<rss><channel><item><title>torn",
        b"[" * 100_000,
        b'{"products":' + b"[" * 200 + b"]" * 200 + b"}",
        b'[{"sku": NaN}]',
        b'[{"sku": 1' + b"0" * 10_000 + b"}]",
        b"[1, 2, 3]",
        b"{}",
        gzip.compress(b"\0" * 300_000_000, 9),
        b"\x1f\x8b" + b"\0" * 50,
        bundle(("xl/workbook.xml", b"\0" * 100_000_000)),
        bundle(*((f"{n}.xml", b"") for n in range(2_500))),
        bundle(("mimetype", b"application/epub+zip")),
        b"PK\x03\x04" + b"\0" * 100,
        b"%PDF-1.7\n",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"sku,title,price\n",
        (",".join(f"c{n}" for n in range(400)) + "\n" + "x," * 400).encode(),
        b'sku,title\n"A' + b"x" * 300_000 + b"\n",
    ],
    ids=[
        "empty", "billion laughs", "external entity", "deep xml", "torn xml", "deep json", "deep list", "nan",
        "huge number", "numbers", "nothing", "gzip bomb", "torn gzip", "zip bomb", "many parts", "no workbook",
        "torn workbook", "pdf", "photo", "heading only", "many columns", "endless cell",
    ],
)  # fmt: skip
def test_refused_at_once_with_a_sentence(content: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Refusal) as found:
        read_feed([FeedFile("x", content)], {})
    assert time.process_time() - began < 3
    assert len(found.value.sentence) > 10
    assert "Traceback" not in found.value.sentence


def test_a_workbook_that_brings_entities_is_refused() -> None:
    sheet = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    with pytest.raises(FileRefused):
        read_feed([FeedFile("x.xlsx", bundle(("xl/worksheets/sheet1.xml", sheet)))], {})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../../x", "con", "x" * 5_000, "a\u202ecsv.exe", "a\0b.csv", "<script>.csv", "/etc/passwd"]
)
def test_a_files_name_is_only_a_label(seller: UUID, name: str) -> None:
    run = check(make.system(), seller, "sku,title,price\nA,Uno,1.00\n", name=name)
    assert counts(run) == {"new": 1}
    assert "/" not in run.filename
    assert "\0" not in run.filename
    assert "\u202e" not in run.filename
    assert {path.name for path in home_of(run.id).iterdir()} == {"0", "names.json", "results.csv"}


@pytest.mark.django_db
def test_texts_stay_texts(seller: UUID) -> None:
    nasty = "<script>alert(1)</script> {{7*7}} %s ' OR 1=1 --"
    ctx = make.system()
    load(ctx, seller, f'sku,title,price\n"A\u202e","{nasty}\u0000\u200b",1.00\n')
    view = products_by_handle(ctx, seller, ["A"])["A"]
    assert view.title["es"].startswith(nasty)
    assert "\u200b" not in view.title["es"]


@pytest.mark.django_db
def test_a_photo_that_is_none_is_said_and_stops_nothing(seller: UUID) -> None:
    ctx = make.system()
    beside = {"a.jpg": b"\xff\xd8\xff\xe0<?php echo 1; ?>", "b.jpg": b"<svg onload=alert(1)>"}
    run = load(ctx, seller, "sku,title,price,image\nA,Uno,1.00,a.jpg\nB,Dos,1.00,b.jpg\n", beside=beside)
    assert counts(run) == {"new": 2}
    goods = products_by_handle(ctx, seller, ["A", "B"])
    assert [len(view.media) for view in goods.values()] == [0, 0]
