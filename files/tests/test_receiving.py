"""Which forms are read, and which are refused."""

import pytest

from files.receiving import MAX_FIELD_BYTES, MAX_FIELDS, BadForm, FormReceiver, NoSpace

FORM = "multipart/form-data; boundary=x"


def receive(data: bytes, content_type: str = FORM) -> FormReceiver:
    receiver = FormReceiver(content_type, max_size=100, max_total=100, max_files=2)
    receiver.feed(data)
    receiver.finish()
    return receiver


def field(name: str, value: str = "", disposition: str = "form-data") -> bytes:
    return f'--x\r\nContent-Disposition: {disposition}; name="{name}"\r\n\r\n{value}\r\n'.encode()


def test_fields_are_read():
    receiver = receive(field("a", "1") + field("b", "2") + field("a", "3") + b"--x--\r\n")
    assert receiver.fields == {"a": "3", "b": "2"} and receiver.files == []


@pytest.mark.parametrize(
    "content_type",
    ["", "multipart/form-data", "multipart/mixed; boundary=x", "text/plain; boundary=x", FORM + 70 * "y"],
)
def test_only_forms_are_read(content_type):
    with pytest.raises(BadForm):
        FormReceiver(content_type, max_size=100, max_total=100, max_files=2)


@pytest.mark.parametrize(
    "data",
    [
        field("a", disposition="attachment"),
        b'--x\r\nContent-Disposition: form-data; filename="a.txt"\r\n\r\n\r\n',
        b"--x\r\n\r\n\r\n",
    ],
)
def test_a_part_that_is_no_field_is_refused(data):
    with pytest.raises(BadForm):
        receive(data + b"--x--\r\n")


def test_so_many_parts_and_no_more():
    most = b"".join(field(str(number)) for number in range(MAX_FIELDS + 2))  # and as many files as may come
    assert len(receive(most + b"--x--\r\n").fields) == MAX_FIELDS + 2
    with pytest.raises(BadForm):
        receive(most + field("more") + b"--x--\r\n")


def test_fields_have_so_many_bytes_together_and_no_more():
    half = "x" * (32 * 1024)
    most = field("a", half) + field("b", half)
    assert 2 * len(half) == MAX_FIELD_BYTES  # more than the longest message has
    assert receive(most + b"--x--\r\n").fields == {"a": half, "b": half}
    with pytest.raises(BadForm):
        receive(most + field("c", "x") + b"--x--\r\n")


@pytest.mark.parametrize("size, fits", [(50, True), (51, False)])
def test_files_have_so_many_bytes_together_and_no_more(settings, tmp_path, size, fits):
    settings.FILES_DIR = tmp_path
    receiver = FormReceiver(FORM, max_size=100, max_total=100, max_files=2, reads_on=True)
    for name in ("a", "b"):
        receiver.feed(field("file", "x" * size).replace(b'"file"', f'"file"; filename="{name}"'.encode()))
    receiver.feed(b"--x--\r\n")
    receiver.finish()
    assert len(receiver.files) == (2 if fits else 0) and isinstance(receiver.problem, NoSpace) != fits
    receiver.discard()
