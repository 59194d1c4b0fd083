"""`python -m lazygui`, the same as the command `lazygui`."""

from __future__ import annotations

import sys

from lazygui.cli import main

if __name__ == "__main__":
    sys.exit(main())
