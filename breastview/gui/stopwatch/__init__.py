"""The window measured as a reader meets it, in a process of its own that `breastview bench` starts.

``python -m breastview.gui.stopwatch NAME PATH COUNT`` does one measurement and prints its figures as one line
of JSON.
"""
