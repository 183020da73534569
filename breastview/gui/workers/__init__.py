"""Threads behind the window: indexing, pictures, inference, exports; numpy crosses their signals, never a QImage."""

from __future__ import annotations
