"""Bundles, pre-processing, the analyser, calibration and the input gate."""
