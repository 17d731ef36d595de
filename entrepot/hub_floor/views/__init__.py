"""Views of the hub floor."""
