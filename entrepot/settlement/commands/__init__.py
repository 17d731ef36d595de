"""Every write of settlement: terms and releases, refunds taken back, payouts."""
