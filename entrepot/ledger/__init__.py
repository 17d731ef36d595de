"""Double entry: accounts, transfers and postings that always add up.

Every transfer sums to zero per currency, in code and in the database. It knows no room but kit.
"""
