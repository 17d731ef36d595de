"""Stripe Connect: a seller's share to their connected account, then from there to their own bank.

Transfer and payout carry our payout's id as idempotency key and metadata: each call may be repeated.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import stripe

from entrepot.payments.adapters.stripe import client
from entrepot.payments.errors import ProviderUnavailable

PayoutState = Literal["sent", "paid", "returned"]


def send(payout_id: UUID, *, account: str, minor: int, currency: str) -> str:
    """Both halves, once per payout; Stripe's references `payout/transfer`. Raises ProviderUnavailable."""
    metadata = {"payout": str(payout_id)}
    try:
        transfer = client().v1.transfers.create(
            {
                "amount": minor,
                "currency": currency.lower(),
                "destination": account,
                "transfer_group": str(payout_id),
                "metadata": metadata,
            },
            {"idempotency_key": f"transfer:{payout_id}"},
        )
        payout = client().v1.payouts.create(
            {
                "amount": minor,
                "currency": currency.lower(),
                "metadata": metadata | {"transfer": transfer.id},
            },
            {"idempotency_key": f"payout:{payout_id}", "stripe_account": account},
        )
    except stripe.StripeError as error:
        raise ProviderUnavailable() from error
    return f"{payout.id}/{transfer.id}"


def ask(payout_id: UUID, *, account: str, minor: int, ref: str) -> tuple[PayoutState, str]:
    """What became of it, and why it came back. A failed payout's transfer is reversed: the money is on our balance again.

    Raises ProviderUnavailable.
    """
    number, _, transfer = ref.partition("/")
    try:
        payout = client().v1.payouts.retrieve(number, options={"stripe_account": account})
        if payout.status not in ("failed", "canceled"):
            return "paid" if payout.status == "paid" else "sent", ""
        client().v1.transfers.reversals.create(
            transfer, {"amount": minor}, {"idempotency_key": f"reversal:{payout_id}"}
        )
    except stripe.StripeError as error:
        raise ProviderUnavailable() from error
    return "returned", payout.failure_code or payout.status
