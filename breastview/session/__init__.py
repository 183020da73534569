"""The one engine of window and command line: open, analyse, assess, export."""

from __future__ import annotations

from breastview.session.bundles import Installed
from breastview.session.engine import Session
from breastview.session.summary import CaseSummary

__all__ = ["CaseSummary", "Installed", "Session"]
