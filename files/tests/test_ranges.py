"""Which bytes are asked for."""

import pytest

from files.ranges import ByteRange, Unsatisfiable, matches, parse_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-0", (0, 0)),
        ("bytes=0-", (0, 99)),
        ("bytes=10-19", (10, 19)),
        ("bytes=90-1000", (90, 99)),
        ("bytes=-1", (99, 99)),
        ("bytes=-1000", (0, 99)),
        (None, None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("bytes=x-y", None),
        ("items=0-1", None),
        ("bytes=" + "9" * 30 + "-", None),
        ("bytes=٣-٤", None),
    ],
)
def test_a_range_is_understood_or_the_whole_is_sent(header, wanted):
    assert parse_range(header, 100) == (wanted and ByteRange(*wanted))


@pytest.mark.parametrize(("header", "size"), [("bytes=100-", 100), ("bytes=100-200", 100), ("bytes=-0", 100),
                                              ("bytes=0-", 0), ("bytes=-5", 0)])  # fmt: skip
def test_a_range_outside_is_refused(header, size):
    with pytest.raises(Unsatisfiable):
        parse_range(header, size)


def test_an_etag_is_found_in_a_list():
    assert matches('"a", W/"b"', '"b"') and matches("*", '"b"') and not matches('"ab"', '"b"')
