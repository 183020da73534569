"""Data sets, augmentation, fitting, evaluation and metrics."""
