"""Duty, VAT and fees for goods from one place to another: quotes with their rules.

It computes; it stores nothing. Every line of a quote names its rule, rate, base and source.
"""
