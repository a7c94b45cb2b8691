"""Every call of the API about the lobby, and what it takes."""

import uuid

ALL = [
    ("GET", "/api/rooms"),
    ("POST", "/api/rooms"),
    ("POST", "/api/direct"),
    ("GET", "/api/search?q=x"),
    ("GET", "/api/rooms/{}"),
    ("PATCH", "/api/rooms/{}"),
    ("GET", "/api/rooms/{}/messages"),
    ("POST", "/api/rooms/{}/messages"),
    ("GET", "/api/rooms/{}/messages/1/reactions"),
    ("POST", "/api/rooms/{}/commands"),
    ("GET", "/api/rooms/{}/online"),
    ("POST", "/api/rooms/{}/invite"),
    ("POST", "/api/rooms/{}/remove"),
    ("POST", "/api/rooms/{}/ban"),
    ("POST", "/api/rooms/{}/appoint"),
    ("POST", "/api/rooms/{}/leave"),
]
BODIES = {
    "messages": {"message": "hi"},
    "commands": {"type": "read", "id": str(uuid.uuid4()), "seq": 1},
    "invite": {"username": "bob"},
    "remove": {"username": "bob"},
    "ban": {"username": "bob"},
    "appoint": {"username": "bob", "role": "moderator"},
    "leave": {},
}
