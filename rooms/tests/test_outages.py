"""What is wrong for a while is one line in the log when it begins, and one when it is over."""

import logging

from django.db import OperationalError

from rooms.kernel.outages import Outages
from rooms.realtime import periodic_tasks


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


async def test_what_is_done_each_second_does_not_complain_each_second(caplog, monkeypatch):
    monkeypatch.setattr(periodic_tasks, "_outages", Outages("rooms.realtime.periodic_tasks"))
    away = [True]

    async def check_heads():
        if away:
            raise OperationalError("gone")

    with caplog.at_level(logging.INFO, "rooms.realtime.periodic_tasks"):
        for _ in range(5):
            await periodic_tasks._run_once(check_heads)
        away.clear()
        for _ in range(5):
            await periodic_tasks._run_once(check_heads)
    assert lines(caplog) == ["check_heads: the database does not answer", "check_heads: ok again after 0 s"]
