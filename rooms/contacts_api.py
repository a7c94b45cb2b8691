"""Whom a person blocks, over HTTP, as docs/protocol.md has it."""

from . import blocks
from .endpoint import Call
from .protocol import person


def list_blocks(call: Call) -> dict:
    return {"blocked": [person(user) for user in blocks.blocked_by(call.user.id)]}


def block(call: Call) -> dict:
    return {"blocked": person(blocks.block(call.user, call.texts("username")["username"]))}


def unblock(call: Call) -> dict:
    return {"unblocked": person(blocks.unblock(call.user, call.texts("username")["username"]))}
