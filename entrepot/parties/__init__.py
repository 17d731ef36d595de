"""People, companies, sellers, staff, roles, addresses, API keys and checks on traders.

It turns a signed-in person or a key into an actor with scopes. It never decides what a scope may do.
"""
