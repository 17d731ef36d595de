"""Cart, checkout, purchase, order, cancellation, withdrawal, return.

Order rows are a projection of the intake's journal; everything after is an ordinary command.
"""
