"""The parts of DICOM reading: header, calibration, code streams, grey scale and colour."""

from __future__ import annotations
