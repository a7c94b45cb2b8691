"""Telling the workers. Only for speed: what is to be done stands in the database, and workers look there too."""

from functools import partial

from django.db import transaction

from rooms.publishing import publisher
from rooms.publishing.payloads import BlocksWanted, Payload

CHANNEL = "bot"  # and the group of that name, which every worker's channel is in


def after_commit(payload: Payload) -> None:
    """Tell all workers, once what this transaction writes can be read."""
    transaction.on_commit(partial(publisher.submit, CHANNEL, payload.as_dict()))


def on_blocks_wanted(sender: object, ids: list[int], **_signal: object) -> None:
    """Whoever writes these replies sends what it has rendered of them again."""
    publisher.submit(CHANNEL, BlocksWanted(messages=tuple(ids)).as_dict())
