"""One seller's promise to sell one variant in one market: price, condition, limits.

It owns prices and their append-only history. It never knows how many are left.
"""
