"""How well known things are found: titles of one shop looked for among the goods of another (shared set; skipped without)."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entrepot.catalog.queries import products_by_handle
from entrepot.search.commands import rebuild_index
from entrepot.search.queries import search
from tests import make
from tests.feeds.conftest import load

SHARED = Path(os.environ.get("ENTREPOT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
HOME = SHARED / "data" / "search-known-item" / "walmart-amazon"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(not HOME.exists(), reason=f"{HOME} is not there")
def test_known_items_are_found() -> None:
    """Long titles of another shop as queries: mean reciprocal rank and recall in the first ten."""
    make.shelf_of_goods()
    seller = make.seller()
    corpus = [json.loads(line) for line in (HOME / "corpus.jsonl").read_text().splitlines()]
    rows = [
        {
            "sku": str(doc["id"]),
            "title:en": str(doc["title"])[:250],
            "price": "10.00",
            "brand": str(doc["brand"]),
            "attribute:mpn": str(doc["modelno"]),
        }
        for doc in corpus
    ]
    # Before the product safety law asked for a maker and a picture, which these goods do not have.
    run = load(
        make.system(at=datetime(2024, 6, 1, tzinfo=UTC)),
        seller,
        "\n".join(json.dumps(row) for row in rows),
        category="home",
    )
    assert run.counts["error"] < len(rows) // 100
    rebuild_index(make.system(), market="ES")
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (HOME / "qrels.tsv").read_text().splitlines():
        parts = line.split("\t")
        if len(parts) >= 2 and parts[0] != "query_id":
            relevant[parts[0]].add(parts[1])
    handles = [row["sku"] for row in rows]
    ids = {
        view.id: handle
        for start in range(0, len(handles), 1000)
        for handle, view in products_by_handle(make.system(), seller, handles[start : start + 1000]).items()
    }
    queries = [json.loads(line) for line in (HOME / "queries.jsonl").read_text().splitlines()]
    reciprocal = found = 0.0
    for query in queries:
        results = search("ES", "en", text=str(query["query"]), limit=10, with_facets=False)
        ranks = [
            i
            for i, product in enumerate(results.product_ids, 1)
            if ids[product] in relevant[str(query["id"])]
        ]
        reciprocal += 1 / ranks[0] if ranks else 0
        found += bool(ranks)
    mrr, recall = reciprocal / len(queries), found / len(queries)
    print(f"{len(queries)} queries over {len(rows)} goods: MRR@10 {mrr:.3f}, recall@10 {recall:.3f}")
    assert mrr > 0.8
    assert recall > 0.9
