"""A door: where sellers work."""
