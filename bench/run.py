"""Runs the bench: `python bench/run.py --help`."""

import sys

from onduty_bench.program import main

if __name__ == "__main__":
    sys.exit(main())
