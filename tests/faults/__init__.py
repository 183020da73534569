"""The faults BreastView must survive, each tried for real.

With the other tests each is tried a few times. ``python -m tests.faults`` tries them by the thousand and
prints the table of docs/reliability.md; further arguments go to pytest.
"""
