"""The API of files: uploaded, described, deleted. They are sent with a message."""

from ..kernel.errors import ChatError
from ..queries.serializers import file_fields
from ..services import attachments, file_changes, membership, uploads
from .framework import ApiRequest


def upload_file(request: ApiRequest, name: str) -> tuple[dict, int]:
    """Take one file in. It is seen by nobody else until it is sent with a message."""
    membership.get_visible_room(request.user.id, name)
    if not request.uploads.files:
        raise ChatError("file_missing")
    received = request.uploads
    taken = uploads.take_in(request.user, name, received.files[0], alt=received.fields.get("alt", ""))
    return file_fields(attachments.describe([taken])[0]), 201


def describe_file(request: ApiRequest, key: str) -> dict:
    """Say what a picture of mine shows."""
    alt = request.text_fields("alt")["alt"]
    return file_fields(attachments.describe([file_changes.describe(request.user, key, alt)])[0])


def delete_file(request: ApiRequest, key: str) -> dict:
    """One of mine, sent or not."""
    file_changes.remove(request.user, key)
    return {"deleted": key}
