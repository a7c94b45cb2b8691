"""Parses which bytes of a file are requested (RFC 9110, 14): one range, or the whole. Pure."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,19})-(\d{0,19})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ByteRange:
    first: int
    last: int  # included

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """No byte of the file lies in the range: 416."""


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The range in a Range header; None for the whole file, also when the header is invalid or asks for several
    ranges, which a server may ignore."""
    found = _ONE_RANGE.fullmatch(header) if header else None
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        if not (length := min(int(found[2]), size)):
            raise Unsatisfiable
        return ByteRange(size - length, size - 1)
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return ByteRange(first, min(last, size - 1))


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names this ETag. Weak ones count, too."""
    return header.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in header.split(","))
