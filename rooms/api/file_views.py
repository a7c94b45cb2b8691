"""The API of files: list, upload, describe, delete. A file is sent with a message."""

from ..kernel.errors import ChatError
from ..kernel.protocol import person, timestamp
from ..models import Attachment
from ..queries import room_files
from ..queries.serializers import file_fields
from ..services import file_changes, membership, uploads
from .framework import ApiRequest


def list_files(request: ApiRequest, name: str) -> dict:
    """`{"files": [{"file", "message_id", "by": <person>, "sent": <time>}, …], "more": bool}`, the latest first.

    Raises ChatError: unknown_file_kind.
    """
    room = membership.get_visible_room(request.user.id, name)
    kind = request.query.get("kind", "")
    if kind and kind not in room_files.KINDS:
        raise ChatError("unknown_file_kind", kinds=", ".join(room_files.KINDS))
    limit = request.int_parameter("limit")
    page = room_files.page(room, kind, request.int_parameter("before"), room_files.PAGE if limit is None else limit)
    return {"files": [_listed(file) for file in page.files], "more": page.more}


def _listed(file: Attachment) -> dict:
    by = person(file.uploader)
    return {"file": file_fields(file.description), "message_id": file.message_id, "by": by,
            "sent": timestamp(file.created)}  # fmt: skip


def upload_file(request: ApiRequest, name: str) -> tuple[dict, int]:
    """Store one file. Only its uploader can see it until it is sent with a message."""
    membership.get_visible_room(request.user.id, name)
    if not request.uploads.files:
        raise ChatError("file_missing")
    received = request.uploads
    taken = uploads.take_in(request.user, name, received.files[0], alt=received.fields.get("alt", ""))
    return file_fields(taken.description), 201


def describe_file(request: ApiRequest, key: str) -> dict:
    """Set the alternative text of one of the caller's pictures."""
    alt = request.text_fields("alt")["alt"]
    return file_fields(file_changes.describe(request.user, key, alt).description)


def delete_file(request: ApiRequest, key: str) -> dict:
    """Delete one of the caller's files, sent or not."""
    file_changes.remove(request.user, key)
    return {"deleted": key}
