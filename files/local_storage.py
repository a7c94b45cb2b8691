"""The storage "files" on this host's disk, unless the settings name another."""

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.functional import cached_property


class LocalStorage(FileSystemStorage):
    @cached_property
    def base_location(self) -> Path:
        return Path(settings.FILES_DIR)
