"""`python -m maild`: the same as the command `maild`."""

import sys

from maild.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
