"""What the actions do: each controller has one subject and changes the view state, never a widget."""

from __future__ import annotations
