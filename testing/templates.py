"""Templates of pages have lines of at most 120 characters, and tags that end in the line in which they begin: others
are mere text for Django. Checked by the first step of `bin/test`.

No formatter does the wrapping: those that know Django's tags add white space between inline elements, where it shows.
It shows neither beside a block, nor in a flex container or a button, nor inside a tag.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

WIDTH = 120
TAGS = (("{%", "%}"), ("{{", "}}"), ("{#", "#}"))


def problems(folder: Path = Path("templates")) -> Iterator[str]:
    """Each as "file:line: what is wrong"."""
    for file in sorted(folder.rglob("*.html")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            if len(line) > WIDTH:
                yield f"{file}:{number}: {len(line)} characters, more than {WIDTH}"
            if any(line.count(begin) > line.count(end) for begin, end in TAGS):
                yield f"{file}:{number}: a tag that does not end in its line"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "Templates are fine")
    sys.exit(1 if found else 0)
