"""What is wrong for a while is one line in the log when it begins, and one when it is over."""

from common.outages import Outages


def lines(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_each_part_has_lines_of_its_own(caplog):
    outages = Outages("test")
    for database, redis in (("", ""), ("gone", ""), ("no answer", "gone"), ("", "gone"), ("", ""), ("", "")):
        outages.note({"database": database, "redis": redis})
    assert lines(caplog) == [
        "database: gone",
        "redis: gone",
        "database: ok again after 0 s",
        "redis: ok again after 0 s",
    ]
