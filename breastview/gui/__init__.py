"""The reading room: the only place that knows Qt widgets."""

from __future__ import annotations
