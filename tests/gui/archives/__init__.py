"""Archives in the window."""
