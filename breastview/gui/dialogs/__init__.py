"""Windows that open above the main one: settings, shortcuts, cheat sheet, files."""

from __future__ import annotations
