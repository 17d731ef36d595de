"""A door: the shop that shoppers see."""
