"""How fast BreastView is on this machine, each time beside something else taken in the same run.

`rows/` has one file a subject, which is found by its name. What is measured is made into a temporary folder,
so that it runs on every installation. What needs a window is measured by `gui.stopwatch` in a process of its
own; what compares with TensorFlow says so where that is not installed.
"""
