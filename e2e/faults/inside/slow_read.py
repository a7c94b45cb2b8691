"""A `resume` from the number 3,000,000 keeps its database thread busy for three seconds."""

import time

from rooms.kernel import db_executor

_run = db_executor._run


def run(call, language, function):
    if 3_000_000 in function.args:
        time.sleep(3)
    return _run(call, language, function)


db_executor._run = run
