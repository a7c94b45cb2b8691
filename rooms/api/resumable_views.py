"""Uploads in several requests, by the tus protocol (https://tus.io, version 1.0.0, with creation, termination and
expiration). piece_stream.py has written the bytes of a PATCH to disk before a view is called."""

import base64
import binascii

from django.urls import reverse
from django.utils.http import http_date

from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..models import PartialUpload
from ..services import membership, resumable
from .framework import ApiRequest

VERSION = {"Tus-Resumable": "1.0.0"}
OFFERED = {**VERSION, "Tus-Version": "1.0.0", "Tus-Extension": "creation,termination,expiration"}
MAX_METADATA = 8000  # characters

Answer = tuple[dict, int, dict[str, str]]


def begin_upload(request: ApiRequest, name: str) -> Answer:
    membership.get_visible_room(request.user.id, name)
    size = whole_number(request.headers.get("Upload-Length", ""))
    if size is None:
        raise ChatError("upload_length_wrong")
    about = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = resumable.begin(request.user, name, size, about.get("filename", "file"), about.get("alt", ""))
    headers = _headers(upload, 0) | {"Location": reverse("api:upload", args=[upload.key])}
    return _described(upload, 0), 201, headers


def show_upload(request: ApiRequest, key: str) -> Answer:
    upload = resumable.get_mine(request.user, key)
    offset = resumable.arrived(upload)
    return _described(upload, offset), 200, _headers(upload, offset)


def continue_upload(request: ApiRequest, key: str) -> Answer:
    upload = resumable.get_mine(request.user, key)
    for whole in request.uploads.files:
        upload.attachment = resumable.finish(request.user, key, whole)
    return {}, 204, _headers(upload, resumable.arrived(upload))


def end_upload(request: ApiRequest, key: str) -> Answer:
    resumable.give_up(resumable.get_mine(request.user, key))
    return {}, 204, VERSION


def _described(upload: PartialUpload, offset: int) -> dict:
    described = {"offset": offset, "size": upload.size}
    return described | {"file": upload.attachment.key} if upload.attachment else described


def _headers(upload: PartialUpload, offset: int) -> dict[str, str]:
    headers = VERSION | {
        "Upload-Offset": str(offset),
        "Upload-Length": str(upload.size),
        "Upload-Expires": http_date(resumable.expires(upload).timestamp()),
    }
    return headers | {"Upload-File": upload.attachment.key} if upload.attachment else headers


def _metadata(text: str) -> dict[str, str]:
    """`name value,name value`, the values in base64."""
    if len(text) > MAX_METADATA:
        raise ChatError("upload_metadata_unreadable")
    try:
        pairs = [each.split() for each in text.split(",") if each.strip()]
        return {
            pair[0]: base64.b64decode(pair[1], validate=True).decode("utf-8", "replace") if len(pair) > 1 else ""
            for pair in pairs
        }
    except (binascii.Error, ValueError):
        raise ChatError("upload_metadata_unreadable") from None
