"""A pytest plugin: says at the end of a run how many examples each test went through."""

import pytest


@pytest.fixture
def tried(record_property):
    """tried("wild requests", 853): how many of something a test went through; the end of the run says it."""

    def note(what: str, count: int):
        record_property("tried", f"{count:,} {what}")

    return note


def pytest_terminal_summary(terminalreporter):
    everything = [each for some in terminalreporter.stats.values() for each in some]
    reports = [each for each in everything if hasattr(each, "user_properties")]  # deselected tests have none
    lines = sorted(
        (report.nodeid, value)
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "tried"
    )
    if lines:
        terminalreporter.section("tried")
    for test, value in lines:
        terminalreporter.write_line(f"{value}  ({test})")
