"""Orders: carts, checkouts, purchases, orders and what becomes of them, on one timeline.

It owns everything between "add to cart" and "completed": the purchase (one payment), its orders (one contract with one
seller each, accepted by the intake's journal), cancellation, withdrawal, return. It promises that each accepted order
stands here exactly once and can be rebuilt from the journal and the drafts. It never decides stock or price (the intake
does), never moves money (payments does) and never knows a commission (settlement, above, does).
"""
