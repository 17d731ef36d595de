"""The delivery promise, consignments, parcels, labels and what happened to each parcel.

It announces deliveries. It never moves money.
"""
