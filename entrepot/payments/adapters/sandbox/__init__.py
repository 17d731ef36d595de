"""A payment provider to try things with: its own tables, pages and signed webhooks. It exists in a pilot only.

It behaves like a real one: the buyer is sent to its page, may have to pass 3-D Secure, comes back; the truth
arrives by webhook, sometimes late, twice or never. The room talks to it through the same protocol as to any other.
"""
