"""A path becomes instances and pixels; one file a format."""
