"""A door: HTTP API version 1."""
