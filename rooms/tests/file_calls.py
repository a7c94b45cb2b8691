"""Sends files to a running web process and asks for them, as a program with a token does."""

import http.client
import json
import secrets
from dataclasses import dataclass

from accounts.models import Token


@dataclass
class Answer:
    status: int
    headers: dict[str, str]  # by lower-case name
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        return self.json["reason"]


def form(files=(), fields=()) -> tuple[bytes, str]:
    """A body and its Content-Type. files: (field, name, bytes)."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    for field, name, data in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: text/html\r\n\r\n" + data + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


class FileClient:
    """user: None: nobody."""

    def __init__(self, web, user, scope="full"):
        self._port = web.port
        self._headers = {"Authorization": f"Bearer {Token.issue(user, 'test', scope=scope)[1]}"} if user else {}

    def call(self, method: str, path: str, body=None, **headers) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def upload(self, room: str, data: bytes = b"hello\n", name: str = "notes.txt", **fields) -> Answer:
        body, type = form([("file", name, data)], fields.items())
        return self.call("POST", f"/api/rooms/{room}/files", body, Content_Type=type)

    def uploaded(self, room: str, data: bytes = b"hello\n", name: str = "notes.txt", **fields) -> dict:
        answer = self.upload(room, data, name, **fields)
        assert answer.status == 201, answer.body
        return answer.json

    def send(self, room: str, *ids: str, text: str = "") -> Answer:
        body = json.dumps({"message": text, "files": ids})
        return self.call("POST", f"/api/rooms/{room}/messages", body, Content_Type="application/json")

    def sent(self, room: str, data: bytes = b"hello\n", name: str = "notes.txt", text: str = "") -> dict:
        """The message with this file."""
        answer = self.send(room, self.uploaded(room, data, name)["id"], text=text)
        assert answer.status == 201, answer.body
        return answer.json

    def patch(self, id: str, alt: str) -> Answer:
        return self.call("PATCH", f"/api/files/{id}", json.dumps({"alt": alt}), Content_Type="application/json")

    def get(self, url: str, **headers) -> Answer:
        return self.call("GET", url, **headers)
