"""Reviews of what was really delivered, disputes about it, and reports of what should not be shown or sold.

One review an order line, by the person who bought it. One open dispute an order: its money waits until buyer and seller
agree or a person of the house decides. A report of unlawful content gets a receipt and a
decision; whoever a decision restricts reads why; both may
complain once, for six months. A recall writes to everybody who bought a product, each once. It books nothing itself: refunds are the orders room's, escrow is settlement's.
"""
