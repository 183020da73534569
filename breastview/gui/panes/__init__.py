"""The linked panes: original, mask and Grad-CAM side by side."""

from __future__ import annotations
