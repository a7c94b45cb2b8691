"""Restores the files of an archive: into a new folder, which replaces the one in use in one step, or directly into the
bucket, where a name is used only once."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from files import places

from .archive import Member
from .errors import Broken, Refused

MARGIN = 200 * 2**20  # bytes that stay free on the disk


class Extracting:
    def __init__(self) -> None:
        self._folder = Path(settings.FILES_DIR)
        self._new = self._folder.with_name(f"{self._folder.name}.restored")
        self._store = places.current()

    @property
    def store(self) -> str:
        """The store that receives the files."""
        return self._store

    def begin(self, size: int) -> None:
        """size: bytes of all files."""
        self.clean_up()
        self._new.mkdir(mode=0o700, parents=True)
        free = shutil.disk_usage(self._new).free
        if self._store == places.LOCAL and free < size + MARGIN:
            raise Refused(
                f"The disk of {self._folder} has {free / 2**20:,.0f} MB left; {size / 2**20:,.0f} are needed."
            )

    def add(self, member: Member) -> None:
        place = member.name.removeprefix("files/")
        if self._store == places.LOCAL:
            self._write(self._new / place, member)
            return
        with tempfile.TemporaryDirectory(dir=self._new) as folder:
            self._write(Path(folder) / "copy", member)
            places.put(Path(folder) / "copy", self._store, place)

    def take_its_place(self, aside: Path) -> None:
        if self._store != places.LOCAL:
            return
        os.sync()
        if self._folder.exists():
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.rename(self._folder, aside / self._folder.name)
        os.rename(self._new, self._folder)

    def clean_up(self) -> None:
        shutil.rmtree(self._new, ignore_errors=True)

    def _write(self, path: Path, member: Member) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            file = path.open("xb")
        except FileExistsError:
            raise Broken(f"The archive has {member.name} twice.") from None
        with file:
            for piece in member.pieces():
                file.write(piece)
