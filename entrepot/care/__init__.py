"""Reviews of what was really delivered.

One review an order line, by the person who bought it.
"""
