"""Why a socket is closed (docs/protocol.md). Each reason has a close code, and is sent as data in the close frame."""

import math
from urllib.parse import urlencode

CLOSE_REASONS = {
    "sign_in_needed": 4001,
    "session_ended": 4001,
    "second_factor_needed": 4001,
    "not_in_room": 4003,
    "room_private": 4003,
    "token_of_some_rooms": 4003,
    "no_such_room": 4004,
    "room_deleted": 4004,
    "reads_too_slowly": 4008,
    "server_full": 4029,
    "too_many_connections_from_address": 4029,
    "too_many_connections_of_account": 4029,
    "account_connects_too_often": 4029,
    "account_sent_too_much": 4029,
    "too_many_mistakes": 1008,
    "too_many_refusals": 1008,
    "too_many_frames": 1008,
    "too_many_control_frames": 1008,
    "too_many_bytes": 1008,
    "too_many_fragments": 1008,
    "not_utf8": 1007,
    "internal_error": 1011,
    "database_away": 1012,
}


def close_frame(reason: str, retry_after: float | None = None) -> tuple[int, str]:
    """The code and the text of a close frame, which may have 123 bytes.

    The text is form-encoded: `reason=server_full&retry_after=30`. retry_after: seconds, rounded up.
    Raises KeyError for an unknown reason.
    """
    fields = {"reason": reason}
    if retry_after is not None:
        fields["retry_after"] = str(math.ceil(retry_after))
    return CLOSE_REASONS[reason], urlencode(fields)
