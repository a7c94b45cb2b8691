"""Files in rooms: who sent them, where, and with which message."""

import secrets
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from files.models import Blob

from .chat import Message, Room

KINDS = ("image", "video", "audio", "document")  # the last: all else


def random_key() -> str:
    """What nobody guesses: 128 bits, for an address."""
    return secrets.token_urlsafe(16)


def kind_of(type: str) -> str:
    """One of KINDS, for a media type."""
    found = type.partition("/")[0]
    return found if found in KINDS else KINDS[-1]


class Attachment(models.Model):
    """A file of a room. Until it is sent with a message, it is there for its uploader alone."""

    key = models.CharField(max_length=32, unique=True, default=random_key)  # what the wire calls its id
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="attachments")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)  # in the message
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    alt = models.CharField(max_length=1000, blank=True)  # what a picture shows, for who cannot see it
    # Of its blob, to be summed up and found without it. kind is "" where a version without it has written the row.
    size = models.PositiveBigIntegerField(default=0, db_default=0)
    kind = models.CharField(max_length=8, default="", db_default="", editable=False)  # one of KINDS
    indexed = models.BooleanField(default=False, db_default=False, editable=False)  # see services/file_words.py
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["room", "-message", "position"], name="attachment_of_room"),
            models.Index(fields=["room", "kind", "-message", "position"], name="attachment_of_kind"),
            models.Index(fields=["uploader", "size"], name="attachment_size_of_person"),
            models.Index(fields=["room", "size"], name="attachment_size_of_room"),
            models.Index(fields=["kind", "size"], name="attachment_size_of_kind"),
            models.Index(fields=["room", "created"], name="attachment_age_in_room"),
            models.Index(fields=["created"], condition=models.Q(message__isnull=False), name="attachment_age"),
            # Few rows at any time: those that wait to be sent, or never will be.
            models.Index(fields=["created"], condition=models.Q(message=None), name="attachment_unsent"),
            models.Index(fields=["id"], condition=models.Q(kind=""), name="attachment_without_kind"),
            models.Index(
                fields=["id"], condition=models.Q(indexed=False, message__isnull=False), name="attachment_not_indexed"
            ),
        ]

    def __str__(self):
        return f"{self.name} in {self.room_id}"

    def save(self, *args, **named):
        if not self.kind:
            self.size, self.kind = self.blob.size, kind_of(self.blob.type)
        super().save(*args, **named)

    @property
    def description(self) -> dict[str, Any]:
        """As it stands in Message.files."""
        blob = self.blob
        found: dict[str, Any] = {"id": self.key, "name": self.name, "type": blob.type, "size": blob.size}
        if blob.width:
            found |= {"width": blob.width, "height": blob.height}
        if blob.preview:
            found["preview"] = blob.preview
        if beginning := (blob.text or {}).get("beginning"):
            found["beginning"] = beginning
        return found | {"alt": self.alt} if self.alt else found


class PartialUploadQuerySet(models.QuerySet["PartialUpload"]):
    def unfinished(self) -> "PartialUploadQuerySet":
        """Those that have not become a file yet."""
        return self.filter(attachment=None)


class PartialUpload(models.Model):
    """A file that comes in by several requests (files/partial.py). It is there for a day."""

    key = models.CharField(max_length=32, unique=True, default=random_key)  # in its address
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    alt = models.CharField(max_length=1000, blank=True)
    size = models.PositiveBigIntegerField()  # in the end
    part = models.CharField(max_length=32)  # the name of its bytes, until then
    # What became of it: whoever did not hear of the end asks for it.
    attachment = models.ForeignKey(Attachment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    objects = PartialUploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created"], name="partial_upload_age")]

    def __str__(self):
        return self.name


def files_in_words(files: Iterable[dict[str, Any]] | None, message_id: int | None = None) -> str:
    """What a message says of its files, for who reads only text: a line for each. message_id: to name them by, with
    their number."""
    marks = (f" #{message_id}/{number}" if message_id else "" for number in count(1))
    return "\n".join(map(_in_words, files or (), marks))


def size_in_words(size: int) -> str:
    """For people: bytes as MB or KB, never less than 1 KB."""
    return f"{size / 2**20:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1024))} KB"


def _in_words(file: dict[str, Any], mark: str) -> str:
    kind, amount = file["type"].partition("/")[0], size_in_words(file["size"])
    about = [f"{kind if kind in ('image', 'video', 'audio') else 'file'}{mark}: {file['name']}", amount]
    if file.get("removed"):
        about.append("removed since")
    return f"[{', '.join([*about, *([file['alt']] if file.get('alt') else [])])}]"
