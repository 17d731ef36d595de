"""Every write of invoicing. Each subject has its file."""
