"""Reads a form with files (multipart/form-data, RFC 7578) as it comes in: fields into memory, files to disk.

Synchronous: a coroutine gives it the pieces in a thread.
"""

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from .incoming import IncomingFile

MAX_FIELD_BYTES = 64 * 1024  # of all fields together, without files
MAX_FIELDS = 50
MAX_HEADER_BYTES = 4096  # of one part


class BadForm(Exception):
    """The body is not a valid form, or is incomplete."""


class FileTooLarge(Exception):
    pass


class TooManyFiles(Exception):
    pass


class NoSpace(Exception):
    """All files together are larger than they may be."""


Problem = FileTooLarge | TooManyFiles | NoSpace


class FormReceiver:
    """fields: by name; of several, the last one counts. files: those with a name, in order."""

    def __init__(self, content_type: str, *, max_size: int, max_total: int, max_files: int, keep_files: bool = True,
                 reads_on: bool = False) -> None:  # fmt: skip
        """max_size, max_total: bytes of one file, of all. keep_files: False: files are read and discarded. reads_on:
        files that are too large or too many do not raise, but set `problem`, and no file is kept. Raises BadForm."""
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
            raise BadForm
        self.fields: dict[str, str] = {}
        self.files: list[IncomingFile] = []
        self.problem: Problem | None = None
        self._left = max_total
        self._max_size, self._max_files, self._keeps, self._reads_on = max_size, max_files, keep_files, reads_on
        self._field_bytes = self._parts = 0
        self._ended = False
        self._start_part()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._start_part,
                "on_header_field": self._take_header_name,
                "on_header_value": self._take_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._open_part,
                "on_part_data": self._take_data,
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
            max_header_size=MAX_HEADER_BYTES,
        )

    def feed(self, data: bytes) -> None:
        """Raises BadForm, FileTooLarge, TooManyFiles, NoSpace, OSError."""
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise BadForm from error

    def finish(self) -> None:
        """Call it at the end of the request. Raises BadForm."""
        if not self._ended:
            raise BadForm

    def discard(self) -> None:
        """Delete the files that nobody has kept."""
        for file in self.files:
            file.discard()
        if self._file:
            self._file.discard()

    # --- callbacks of the parser ---

    def _start_part(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._header_name, self._header_value = b"", b""
        self._name, self._value = "", b""
        self._file: IncomingFile | None = None
        self._ignored = False

    def _take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _take_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name, self._header_value = b"", b""

    def _open_part(self) -> None:
        self._parts += 1
        kind, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if kind != b"form-data" or b"name" not in options or self._parts > MAX_FIELDS + self._max_files:
            raise BadForm
        self._name = options[b"name"].decode("utf-8", "replace")
        if (filename := options.get(b"filename")) is None:
            return
        self._ignored = not filename or not self._keeps  # without a name: a file field that was left empty
        if not self._ignored:
            if len(self.files) >= self._max_files:
                self._refuse(TooManyFiles())
                return
            self._file = IncomingFile(_decode(filename))

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            if self._file.size + end - start > self._max_size:
                self._refuse(FileTooLarge())
                return
            self._left -= end - start
            if self._left < 0:
                self._refuse(NoSpace())
                return
            self._file.write(memoryview(data)[start:end])
        elif not self._ignored:
            self._field_bytes += end - start
            if self._field_bytes > MAX_FIELD_BYTES:
                raise BadForm
            self._value += data[start:end]

    def _end_part(self) -> None:
        if self._file:
            self._file.finish()
            self.files.append(self._file)
            self._file = None
        elif not self._ignored:
            self.fields[self._name] = self._value.decode("utf-8", "replace")

    def _refuse(self, problem: Problem) -> None:
        if not self._reads_on:
            raise problem
        self.discard()
        self.problem, self.files, self._file = problem, [], None
        self._keeps, self._ignored = False, True

    def _end(self) -> None:
        self._ended = True


def _decode(filename: bytes) -> str:
    """Browsers send UTF-8, with quotes and line breaks percent-encoded."""
    text = filename.decode("utf-8", "replace")
    for sign, escaped in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(escaped, sign)
    return text
