"""What may be sold where: publish gates, product safety, traceability of traders.

It answers with gaps a person can close. It never changes a product.
"""
