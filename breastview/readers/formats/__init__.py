"""The file formats: one plug-in module each, exposing ``READER``."""

from __future__ import annotations
