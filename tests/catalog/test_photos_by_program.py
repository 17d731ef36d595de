"""A seller's program hangs a photo on a product and takes it off again: re-encoded, once, its own products only."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from entrepot.parties import commands as parties
from tests import make

pytestmark = pytest.mark.django_db


def photo(kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(
        file, kind, **({"exif": b"Exif\0\0secret"} if kind == "JPEG" else {})
    )
    return file.getvalue()


def test_a_photo_comes_and_goes_by_the_api(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    make.shelf_of_goods()
    seller = make.seller()
    make.product(seller, "vase")
    make.product(make.seller(), "other")
    owner = make.staff(seller)
    key = parties.issue_api_key(owner, name="ERP", scopes=["catalog:write"]).secret
    client, count = Client(headers={"authorization": f"Bearer {key}"}), iter(range(99))

    def send(handle: str, body: bytes, kind: str = "image/jpeg", query: str = "") -> Any:
        headers = {"Idempotency-Key": f"photo-{next(count):08}"}
        return client.post(
            f"/v1/seller/products/{handle}/photos{query}", body, content_type=kind, headers=headers
        )

    sku = client.get("/v1/seller/products").json()["data"][0]["variants"][0]["sku"]
    made = send("vase", photo(), query=f"?sku={sku}")
    assert made.status_code == 201, made.json()
    assert (made.status_code, made.json()["width"], made.json()["sku"]) == (201, 400, sku)
    assert send("vase", photo()).json()["id"] == made.json()["id"]  # the same photo hangs once
    stored = list(tmp_path.rglob("*.jpg"))
    assert stored
    assert all(b"secret" not in file.read_bytes() for file in stored)
    assert send("vase", photo("PNG"), "image/png").status_code == 201
    [shown] = [each for each in client.get("/v1/seller/products").json()["data"] if each["handle"] == "vase"]
    assert len(shown["photos"]) == 2
    for answer, status, code in (
        (send("vase", b"GIF89a"), 422, "picture_refused"),
        (send("vase", b"<svg/>", "image/svg+xml"), 415, "wrong_media_type"),
        (send("vase", photo(), query="?sku=nothing"), 404, "not_found"),
        (send("other", photo()), 404, "not_found"),
        (client.delete("/v1/seller/products/other/photos/" + made.json()["id"]), 404, "not_found"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.delete(f"/v1/seller/products/vase/photos/{made.json()['id']}").status_code == 204
    assert client.delete(f"/v1/seller/products/vase/photos/{made.json()['id']}").status_code == 404
