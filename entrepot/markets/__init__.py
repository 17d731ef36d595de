"""Market packs: language, currency, calendar, address form, tax and import facts as dated data.

It owns which countries exist, which are open, and every rate with its validity and source. It never computes a price.
"""
