"""The published systems as recipes, one file a kind of picture; each has a table ``RECIPES``."""
