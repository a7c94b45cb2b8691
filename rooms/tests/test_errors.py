"""What fails without a reason of its own: one number, for the person and for the log."""

import logging
import re

from rooms.kernel.errors import internal_error


def test_the_person_is_told_the_number_that_the_log_has_the_traceback_under(caplog):
    errors = []
    for _ in range(2):
        try:
            raise ValueError("broken")
        except ValueError:
            errors.append(internal_error(logging.getLogger("test"), "a post failed"))
    incidents = [error.params["incident"] for error in errors]
    assert all(re.fullmatch("[0-9a-f]{8}", incident) for incident in incidents) and len(set(incidents)) == 2
    assert [record.getMessage() for record in caplog.records] == [f"a post failed ({each})" for each in incidents]
    assert all(record.name == "test" and record.exc_info[0] is ValueError for record in caplog.records)
    assert (errors[0].reason, errors[0].status) == ("internal_error", 500)
    assert incidents[0] in errors[0].message
