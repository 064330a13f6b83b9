"""Posts in, tags out; labels in, models out."""
