"""Carriers: what leaves the house on its way to a parcel's carrier, and what comes back."""
