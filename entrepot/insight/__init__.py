"""Figures and charts counted from facts, and what is found out across the rooms: a market's checklist, prices that follow.

It changes its own counts, the checklist below, and the offers that follow another country's.
"""
