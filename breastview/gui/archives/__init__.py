"""Archives in the window: the page that names them, asking and fetching, sending, receiving."""
