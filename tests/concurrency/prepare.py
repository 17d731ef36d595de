"""Fill in checkouts by the rooms' own commands, in a running market's directory: OFFER HOW_MANY FIRST → JSON of tokens and totals."""

from __future__ import annotations

import json
import sys
from uuid import UUID


def main(offer_id: str, how_many: int, first: int) -> None:
    import django

    django.setup()
    from entrepot.kit import clock
    from entrepot.kit.context import Context
    from entrepot.orders.commands import add_to_cart, set_checkout_address, start_checkout
    from entrepot.orders.queries.checkouts import checkout_view
    from entrepot.parties.queries import guest

    actor, scopes = guest()
    ready = []
    for number in range(first, first + how_many):
        ctx = Context(actor=actor, at=clock.now(), scopes=scopes, cause="test")
        cart = add_to_cart(ctx, market="ES", offer_id=UUID(offer_id), quantity=1)
        ref = start_checkout(ctx, token=cart.token, market="ES", channel="api")
        set_checkout_address(
            ctx, checkout_id=ref.id, token=ref.token, email=f"buyer{number}@example.es", name="Ana Prueba",
            phone="+34 612 345 678", line1=f"Calle Mayor {number}", postcode="28013", city="Madrid",
        )  # fmt: skip
        if not ready:
            total = checkout_view(ctx, token=ref.token).readiness.total_minor
        ready.append((ref.token, total))
    print(json.dumps(ready))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
