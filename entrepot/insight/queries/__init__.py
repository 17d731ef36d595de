"""Reads of the insight room."""
