"""At the origin of files (FILES_ORIGIN) nothing else is served, and nobody is known: cookies and tokens are taken
off."""

from files.links import is_files_host

_TAKEN_OFF = (b"cookie", b"authorization")


def files_apart(app):
    """Wrap an ASGI application, for HTTP and websockets."""

    async def serve(scope, receive, send) -> None:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        if not is_files_host(host):
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        elif scope["path"].startswith("/f/"):
            headers = [each for each in scope["headers"] if each[0] not in _TAKEN_OFF]
            await app({**scope, "headers": headers}, receive, send)
        else:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"There is nothing at this address.\n"})

    return serve
