"""Authorise, capture, refund through a payment provider; webhooks; paid money into escrow.

It owns payments, their parts by order, refunds and the messages of providers. It promises that a purchase is paid
once whoever asks first (browser, webhook, worker), that no more goes back than was captured, that no provider is
called inside a transaction, and that card data never touches our hosts. It never decides that an order is placed,
delivered or refunded.
"""
