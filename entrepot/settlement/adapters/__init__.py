"""The world outside: the bank that carries payouts."""
