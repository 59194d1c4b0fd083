"""Start LazyGUI from a clone: `python3 main.py`, or run every check: `python3 main.py test`.

The first start makes an environment beside this file and installs what the program needs.
"""

# No `from __future__ import annotations` here: a Python too old for LazyGUI must still be able
# to read this file, to say so.

import sys

OLDEST = (3, 11)


def main() -> int:
    """Hand over to the bootstrap; refuse a Python older than 3.11 with one sentence."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            "LazyGUI needs Python %d.%d or newer, and this is Python %d.%d: install a newer one "
            "from https://www.python.org/downloads/ and start main.py with it.\n"
            % (OLDEST + tuple(sys.version_info[:2]))
        )
        return 2
    from lazygui import bootstrap

    return bootstrap.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
