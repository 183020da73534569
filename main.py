"""Start BreastView from a checkout: `python main.py [PATH]`."""

from __future__ import annotations

import multiprocessing

from breastview.__main__ import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    main()
