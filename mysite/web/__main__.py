"""`python -m mysite.web`: see process.py. Parents of earlier versions use this name, too: do not rename it."""

import sys

from .process import main

sys.exit(main(int(sys.argv[1]), [int(text) for text in sys.argv[2:]]))
