"""The API of files that are going to be sent."""

from ..kernel.errors import ChatError
from ..queries.serializers import file_fields
from ..services import attachments, membership, uploads
from .framework import ApiRequest


def upload_file(request: ApiRequest, name: str) -> tuple[dict, int]:
    """Take one file in. It is seen by nobody else until it is sent with a message."""
    membership.get_visible_room(request.user.id, name)
    if not request.uploads.files:
        raise ChatError("file_missing")
    received = request.uploads
    taken = uploads.take_in(request.user, name, received.files[0], alt=received.fields.get("alt", ""))
    return file_fields(attachments.describe([taken])[0]), 201
