"""What the pilot's sellers sell, written by hand, one line per article; `expand.py` reads it."""
