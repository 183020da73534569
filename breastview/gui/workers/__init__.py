"""Threads behind the window; numpy crosses their signals, never a QImage."""

from __future__ import annotations
