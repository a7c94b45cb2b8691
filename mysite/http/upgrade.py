"""What becomes of a request that asks to speak another protocol: a websocket, or HTTP/1.1 all the same."""

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_OF_AN_UPGRADE = {b"connection", b"upgrade", b"http2-settings"}


class UpgradingProtocol(HttpToolsProtocol):
    """uvicorn drops the body of a request that asks for anything but a websocket. This one ignores the wish instead:
    there are clients that ask for HTTP/2 in each request."""

    def parse_again(self, data: bytes) -> None:
        """Parse these bytes as the next ones of the connection, with a new parser."""
        raise NotImplementedError

    def asks_for_something_else(self) -> bool:
        """Whether the parser stops behind this head, though no websocket is asked for."""
        return self.parser.should_upgrade() and not self._should_upgrade()

    def answer_as_http(self, rest: bytes) -> bool:
        """Parse the request again without the wish; `rest` came behind its head. False when there is nothing else
        in it (CONNECT)."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            return False
        version = self.parser.get_http_version().encode()
        headers = [b"%s: %s" % (name, value) for name, value in self.headers if name not in _OF_AN_UPGRADE]
        self.parser = httptools.HttpRequestParser(self)
        self.parse_again(b"\r\n".join([b"%s %s HTTP/%s" % (method, self.url, version), *headers, b"", b""]) + rest)
        return True

    def _get_upgrade(self) -> bytes | None:
        """The protocol asked for. A header that comes twice is one list."""
        lists = [value for name, value in self.headers if name == b"connection"]
        if b"upgrade" not in {token.strip().lower() for value in lists for token in value.split(b",")}:
            return None
        return next((value.strip().lower() for name, value in self.headers if name == b"upgrade"), None)
