"""A door: where operators work."""
