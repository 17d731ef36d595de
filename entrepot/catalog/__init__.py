"""Products, variants, categories, media and translations of all sellers.

It owns what a thing is. It knows no price and no stock.
"""
