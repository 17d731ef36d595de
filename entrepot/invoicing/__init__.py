"""The papers that money leaves: invoices, credit notes, tax returns, the yearly report on sellers.

It writes down what the rooms below have settled, and moves no money itself. A document has a number without gaps in its
issuer's series, never changes, and its sums are the order's postings. A return is the movement of a tax account over a
period, split by country and rate with the documents behind each posting; what cannot be split is said, never guessed.
"""
