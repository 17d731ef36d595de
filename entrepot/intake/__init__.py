"""The order intake: counters, decisions in batches, a durable journal, exact replay.

The journal line is the acceptance of an order. It holds numbers only, knows no room but kit, and never oversells.
"""
