"""Entrepot: a cross-border, multi-seller marketplace as a stack of rooms (see ARCHITECTURE.md)."""

__version__ = "0.1.0"
