"""What a reading is made of: instances, studies, calibration, analysis, assessment; frozen, no I/O."""

from __future__ import annotations
