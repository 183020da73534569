"""One record, several outputs that cannot disagree: one file each, found by name through the registry."""
