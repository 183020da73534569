"""Mammograms before a network sees them: the breast, the pectoral muscle, one side, one scale of grey."""
