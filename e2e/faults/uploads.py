"""A good sender of files: asks what has arrived, goes on there, and does not give up."""

import base64
import http.client
import json
import time
from email.message import Message

PATIENCE = 180.0  # seconds
PIECE = 10**6  # bytes of a request
_PASSES = {408, 409, 429}  # by itself, as all from 500 on


class Uploader:
    """Synchronous. tries: requests that were not answered, or refused for now. lost: bytes that had been confirmed."""

    def __init__(self, port: int, person: dict):
        self._port, self.room = port, person["room"]
        self._headers = {"Authorization": f"Bearer {person['token']}"}
        self.tries = self.lost = 0

    def send_form(self, name: str, data: bytes) -> str:
        """Returns the id of the file."""
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body = head + data + b"\r\n--x--\r\n"
        form = {"Content-Type": "multipart/form-data; boundary=x"}
        _headers, answer = self._patiently("POST", f"/api/rooms/{self.room}/files", body, form)
        return json.loads(answer)["id"]

    def send_pieces(self, name: str, data: bytes) -> str:
        begin = {
            "Upload-Length": str(len(data)),
            "Upload-Metadata": "filename " + base64.b64encode(name.encode()).decode(),
        }
        address = self._patiently("POST", f"/api/rooms/{self.room}/uploads", b"", begin)[0]["Location"]
        confirmed = 0
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            headers, _body = self._patiently("HEAD", address)
            offset = int(headers["Upload-Offset"])
            self.lost += max(0, confirmed - offset)
            if id := headers.get("Upload-File"):
                return id
            about = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            answer = self._call("PATCH", address, data[offset : offset + PIECE], about)
            if answer and answer[0] == http.HTTPStatus.NO_CONTENT:
                confirmed = int(answer[1]["Upload-Offset"])
            else:
                self._wait()
        raise AssertionError(f"{name} has not arrived")

    def remove(self, id: str) -> None:
        self._patiently("DELETE", f"/api/files/{id}", gone=True)

    def fetch(self, url: str) -> bytes:
        return self._patiently("GET", url)[1]

    def _patiently(self, method: str, path: str, body=b"", headers=None, gone=False) -> tuple[Message, bytes]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            answer = self._call(method, path, body, headers or {})
            if answer and (answer[0] < 400 or (gone and answer[0] == http.HTTPStatus.NOT_FOUND)):
                return answer[1:]
            if answer and answer[0] < 500 and answer[0] not in _PASSES:
                raise AssertionError(f"{method} {path}: {answer[0]} {answer[2][:300]!r}")
            self._wait()
        raise AssertionError(f"{method} {path} was not answered in {PATIENCE:g} s")

    def _call(self, method: str, path: str, body: bytes, headers: dict) -> tuple | None:
        """(status, headers, body); None: there was no answer."""
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            line.request(method, path, body, self._headers | headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()

    def _wait(self) -> None:
        self.tries += 1
        time.sleep(0.2)
