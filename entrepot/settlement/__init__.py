"""What a seller is owed and paid: commission, release from escrow, statements, payouts.

It freezes its terms with each placed order, splits the escrow of a completed one (seller, commission, taxes, duty,
carrier) to the cent, takes the same shares back when money is refunded later, and pays sellers out. Every entry on
a seller's statement stands beside its ledger transfer. It never touches an order and never calls a payment provider.
"""
