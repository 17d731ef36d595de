"""The index of what can be bought in a market, and the order of results.

It can be rebuilt from offers and products at any time.
"""
