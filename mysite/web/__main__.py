"""`python -m mysite.web`: see process.py. A parent of an earlier version starts web processes by this name too."""

import sys

from .process import main

sys.exit(main(int(sys.argv[1]), [int(text) for text in sys.argv[2:]]))
