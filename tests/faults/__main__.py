"""Run the whole campaign: ``nice python -m tests.faults [-k killed]``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    os.environ["BREASTVIEW_FAULTS"] = "full"
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(pytest.main([str(Path(__file__).parent), "--timeout=0", *sys.argv[1:]]))
