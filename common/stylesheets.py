"""Which style sheets are sent as one.

A page of a room needs more than twenty; one after the other, six at a time, they take a phone on a slow line half a
second. In their files they stay apart. The order is that of the cascade.
"""

BUNDLES: dict[str, tuple[str, ...]] = {
    "base": ("tokens", "base", "avatar", "forms"),  # of every page
    "frame": (
        "frame",
        "side",
        "side_rows",
        "palette",
        "dialogs",
        "keys",
        "popup_menu",
        "status",
        "card",
        "emoji",
        "kept",
    ),
    "room": (
        *("panel", "people", "timeline", "beginning", "text", "message", "message_tools", "reply", "banners"),
        *("unread_bar", "composer", "completion", "code"),
    ),
}


def path_of(sheet: str) -> str:
    """Of a file, below static/."""
    return f"css/{sheet}.css"


def bundle_path(name: str) -> str:
    """In the same folder as its sheets: they name pictures beside it."""
    return f"css/{name}_bundle.css"
