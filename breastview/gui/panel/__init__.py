"""What the AI and the reader say about the shown frame, at the right of the window."""

from __future__ import annotations
