"""Authorise, capture, refund through a payment provider; webhooks; paid money into escrow.

It never decides that an order is placed or delivered.
"""
