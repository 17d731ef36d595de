"""SEPA bank transfers: buyers pay into our account under a reference; we pay out by file.

The bank and we exchange files: pain.001 (credit transfers, written with sepaxml) goes there, camt.053 (the day's statement,
read with pycamt) comes back. Both are checked against the ISO 20022 schemas. A statement's credit under a payment's
reference pays it; a debit or a return under a transfer's end-to-end id says what became of it.
"""
