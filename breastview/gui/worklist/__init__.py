"""The list of cases at the left of the window."""

from __future__ import annotations
