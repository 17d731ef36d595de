"""What a seller is owed and paid: commission, statements, payouts.

It moves money between ledger accounts and to banks. It never touches an order.
"""
