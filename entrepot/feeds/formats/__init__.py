"""Readers: other people's files → rows of our cells. Other people's words stay in this folder."""
