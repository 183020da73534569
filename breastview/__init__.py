"""BreastView: an open workstation for breast imaging with AI that shows its reasons. Research use only."""

from __future__ import annotations

__version__ = "0.1.0"

RESEARCH_USE = "Research and education only. Not a medical device; not for diagnosis."
"""The one wording of the research-use line, for every window, file and page that leaves the application."""
