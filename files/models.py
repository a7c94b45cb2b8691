"""What is in the store: one row for each content, however often it was sent."""

from django.db import models
from django.utils import timezone


class Blob(models.Model):
    """Bytes, by their digest. The rows that refer to them decide who may see them."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256, in hexadecimal
    size = models.PositiveBigIntegerField()
    type = models.CharField(max_length=100)  # found from the bytes, never as the sender says
    store = models.CharField(max_length=8, default="local", db_default="local")  # see places.py
    kept_as = models.CharField(max_length=100, default="", db_default="", blank=True)  # the name there; "": the digest
    width = models.PositiveIntegerField(null=True, blank=True)  # of a picture, in pixels, as it is shown
    height = models.PositiveIntegerField(null=True, blank=True)
    # {"animated", "sides", "blur"}: of a picture that has previews; None: it has none.
    preview = models.JSONField(null=True, blank=True)
    preview_due = models.BooleanField(default=False, db_default=False)  # it was too busy to make them
    # {"pages", "characters", "cut", "beginning"}: of a document that could be read (BlobText); None: there is no text.
    text = models.JSONField(null=True, blank=True)
    # It was too busy to read it, or an older version stored it.
    text_due = models.BooleanField(default=True, db_default=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["size"], name="blob_size"),  # summed up without the rows
            # Few rows at any time.
            models.Index(fields=["id"], condition=models.Q(preview_due=True), name="blob_preview_due"),
            models.Index(fields=["id"], condition=models.Q(text_due=True), name="blob_text_due"),
        ]

    def __str__(self):
        return f"{self.digest[:12]} ({self.type})"

    @property
    def place(self) -> str:
        """The name of its bytes in their store."""
        return self.kept_as or f"{self.digest[:2]}/{self.digest[2:4]}/{self.digest}"


class BlobText(models.Model):
    """A page of the text of a document. Pages without any have no row."""

    # No constraint: older versions, which know nothing of texts, must be able to delete a blob. They leave its texts.
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, db_constraint=False, related_name="texts")
    page = models.PositiveIntegerField()  # from 1
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "page"], name="one_text_a_page")]

    def __str__(self):
        return f"page {self.page} of {self.blob_id}"
