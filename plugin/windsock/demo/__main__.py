"""`python -m windsock.demo` is `windsock demo`."""

from __future__ import annotations

import sys

from windsock.demo.cli import main

if __name__ == "__main__":
    sys.exit(main(["demo", *sys.argv[1:]]))
