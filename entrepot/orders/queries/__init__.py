"""Reads of the orders room."""
