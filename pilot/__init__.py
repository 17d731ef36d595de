"""The Spain pilot: a demonstration market of our own making. Data by hand, expanded the same way every time."""
