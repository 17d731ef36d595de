"""Double entry: accounts, transfers and postings that always add up.

Every transfer sums to zero per currency, in code and in the database; nothing posted is ever changed or
deleted, a mistake is mended by another transfer. Accounts that may not go negative cannot. It decides nothing
about orders, sellers or providers: the rooms above say what to post. It knows no room but kit.
"""
