"""Whole slides: pictures of a hundred thousand px a side, kept in tiles and at several magnifications."""
