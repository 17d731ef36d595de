"""The outside world of orders: mail."""
