"""Stock by variant and location, and what each counter of the intake stands for.

The intake decides; this room asks it to adjust, and shows what is left.
"""
