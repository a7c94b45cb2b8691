"""Requests that ask for another protocol: websockets are upgraded, others are answered with HTTP/1.1."""

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_UPGRADE_HEADERS = {b"connection", b"upgrade", b"http2-settings"}


class UpgradingProtocol(HttpToolsProtocol):
    """uvicorn drops the body of a request that asks for a protocol other than websocket. This class ignores the Upgrade
    header instead, because some clients ask for HTTP/2 in every request."""

    def reparse(self, data: bytes) -> None:
        """Parse these bytes as the next ones of the connection, with a new parser."""
        raise NotImplementedError

    def requests_other_protocol(self) -> bool:
        """Whether the parser stops after this head, although it does not ask for a websocket."""
        return self.parser.should_upgrade() and not self._should_upgrade()

    def reparse_as_http(self, rest: bytes) -> bool:
        """Parse the request again without its Upgrade headers.

        rest: what was received after its head. Returns False for CONNECT, which asks for nothing else.
        """
        method = self.parser.get_method()
        if method == b"CONNECT":
            return False
        version = self.parser.get_http_version().encode()
        headers = [b"%s: %s" % (name, value) for name, value in self.headers if name not in _UPGRADE_HEADERS]
        self.parser = httptools.HttpRequestParser(self)
        self.reparse(b"\r\n".join([b"%s %s HTTP/%s" % (method, self.url, version), *headers, b"", b""]) + rest)
        return True

    def _get_upgrade(self) -> bytes | None:
        """The protocol asked for, or None. A repeated header counts as one list."""
        lists = [value for name, value in self.headers if name == b"connection"]
        if b"upgrade" not in {token.strip().lower() for value in lists for token in value.split(b",")}:
            return None
        return next((value.strip().lower() for name, value in self.headers if name == b"upgrade"), None)
