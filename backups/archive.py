"""The archive: a tar file that any tar can list, written and read from front to back with little memory.

    backup.json                     format, migrations, tables and their columns
    rows/TABLE/000001.jsonl.gz      rows, as JSON
    files/ab/cd/abcd…               contents of files; most are compressed already
    keys/secret_key, keys/vapid_key
    end.json                        totals, and a digest of all other members

Any other name is refused, and so is anything but a plain file: a hostile archive can neither write outside its folder
nor contain links. The digest covers each member's digest, size and name. It detects damage, but is not signed.
"""

import hashlib
import json
import re
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Any

from .errors import Broken

HEAD, END = "backup.json", "end.json"
BLOCK, PIECE = tarfile.BLOCKSIZE, 256 * 1024  # bytes
_EMPTY = bytes(BLOCK)
# In the order of the archive, each with its maximum size in bytes (None: limited by the disk alone).
_KINDS: tuple[tuple[str, int | None], ...] = (
    (r"backup\.json", 4 * 2**20),
    (r"rows/[a-z0-9_]{1,63}/\d{6,8}\.jsonl\.gz", 64 * 2**20),
    (r"files/([0-9a-f]{2}/){2}[0-9a-f]{64}(-[0-9a-f]{8})?(\.\d{1,5}\.webp)?", None),
    (r"keys/(secret_key|vapid_key)", 4096),
    (r"end\.json", 2**20),
)
MAX_ROWS = 256 * 2**20  # bytes of one member with rows, once it is decompressed


class Writer:
    def __init__(self, file: IO[bytes]):
        self._file, self._digest, self._members = file, hashlib.sha256(), 0
        self.written = 0  # bytes

    def add(self, name: str, data: bytes) -> None:
        self.add_stream(name, len(data), [data])

    def add_stream(self, name: str, size: int, pieces: Iterable[bytes]) -> str:
        """Returns the SHA-256 of the data. Raises OSError when its length is not `size`."""
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = size, 0o600, int(time.time())
        self._write(header.tobuf(tarfile.GNU_FORMAT, "ascii", "strict"))
        digest, left = hashlib.sha256(), size
        for piece in pieces:
            left -= len(piece)
            if left < 0:
                break
            digest.update(piece)
            self._write(piece)
        if left:
            raise OSError(f"{name} has changed while it was copied")
        self._write(bytes(-size % BLOCK))
        self._note(digest.hexdigest(), size, name)
        return digest.hexdigest()

    def end(self, about: dict[str, Any]) -> None:
        """Write the last member. about: what it holds besides the number of members and the digest."""
        self.add(END, json.dumps(about | {"members": self._members, "sha256": self._digest.hexdigest()}).encode())
        self._write(_EMPTY * 2)

    def _note(self, digest: str, size: int, name: str) -> None:
        self._members += 1
        self._digest.update(f"{digest} {size} {name}\n".encode())

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self.written += len(data)


class Member:
    """A member of an archive. It can be read only once, before the next one."""

    def __init__(self, name: str, size: int, file: IO[bytes]):
        self.name, self.size, self._file, self._digest = name, size, file, hashlib.sha256()
        self._left, self._padding = size, -size % BLOCK

    def pieces(self) -> Iterator[bytes]:
        while self._left:
            piece = self._file.read(min(PIECE, self._left))
            if not piece:
                raise Broken(f"The archive is cut off in {self.name}.")
            self._left -= len(piece)
            self._digest.update(piece)
            yield piece
        padding, self._padding = self._padding, 0
        if self._file.read(padding) != bytes(padding):
            raise Broken(f"The archive is damaged, or cut off, after {self.name}.")

    def read(self) -> bytes:
        """The whole content. Only for kinds that have a maximum size."""
        return b"".join(self.pieces())

    def lines(self) -> list[bytes]:
        """The lines of a member with rows."""
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            data = inflate.decompress(self.read(), MAX_ROWS)
        except zlib.error as error:
            raise Broken(f"{self.name} is damaged: {error}.") from None
        if not inflate.eof or inflate.unused_data:
            raise Broken(f"{self.name} is damaged, or too large.")
        return data.splitlines()

    def finish(self) -> str:
        """Read the rest. Returns the SHA-256 of the whole member."""
        for _piece in self.pieces():
            pass
        return self._digest.hexdigest()


def read(file: IO[bytes]) -> Iterator[Member]:
    """All members. The last must match the others in number and digest. Raises Broken, at the latest at the end."""
    whole, count, last = hashlib.sha256(), 0, -1
    while True:
        member = _next(file)
        kind = next(place for place, (name, _most) in enumerate(_KINDS) if re.fullmatch(name, member.name))
        if kind < last or (kind == 0) != (count == 0):
            raise Broken(f"{member.name} is not where it belongs.")
        if member.name == END:
            _check_end(member, count, whole.hexdigest())
            yield member
            return
        yield member
        whole.update(f"{member.finish()} {member.size} {member.name}\n".encode())
        count, last = count + 1, kind


def parse(data: bytes) -> dict[str, Any]:
    """The JSON object in backup.json or end.json."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):  # RecursionError: it is nested too deeply
        found = None
    if not isinstance(found, dict):
        raise Broken("The archive is damaged: what it says of itself cannot be read.")
    return found


def _next(file: IO[bytes]) -> Member:
    header = file.read(BLOCK)
    if len(header) < BLOCK or header == _EMPTY:
        raise Broken("The archive is cut off: its end is missing.")
    try:
        found = tarfile.TarInfo.frombuf(header, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeError):
        raise Broken("This is not a backup, or it is damaged.") from None
    most = next((most for name, most in _KINDS if re.fullmatch(name, found.name)), 0)
    if found.type != tarfile.REGTYPE or most == 0 or found.size < 0:
        raise Broken(f"The archive has {found.name!r}, which is nothing that a backup has.")
    if most is not None and found.size > most:
        raise Broken(f"{found.name} is too large.")
    return Member(found.name, found.size, file)


def _check_end(member: Member, count: int, digest: str) -> None:
    data = member.read()
    about = parse(data)
    if about.get("members") != count or about.get("sha256") != digest:
        raise Broken("The archive is damaged: its content is not what was written.")
    member.read = lambda: data  # type: ignore[method-assign]  # it was read just now
