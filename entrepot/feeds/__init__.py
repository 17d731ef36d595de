"""Catalogue files in and out: reads sellers' sheets and feeds, says what happens to every row, undoes it.

It calls the commands of catalog, offers and inventory, and owns only the runs and their results.
"""
