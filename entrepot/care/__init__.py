"""Reviews of what was really delivered, and disputes about it.

One review an order line, by the person who bought it. One open dispute an order: its money waits until buyer and seller
agree or a person of the house decides. It books nothing itself: refunds are the orders room's, escrow is settlement's.
"""
