"""The pages of the shop, one file a place in it."""
