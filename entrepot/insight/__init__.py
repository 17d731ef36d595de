"""Figures and charts for operators and sellers, counted from facts.

It reads; it changes nothing but its own counts.
"""
