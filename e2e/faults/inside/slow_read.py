"""A `resume` from the number 3,000,000 keeps its database thread busy for three seconds."""

import time

from rooms import db

_call = db._call


def call(language, function, args, kwargs):
    if 3_000_000 in args:
        time.sleep(3)
    return _call(language, function, args, kwargs)


db._call = call
