"""The style sheets that are joined into bundles.

A page of a room needs more than twenty. Loaded separately, six at a time, they take half a second on a phone with a
slow connection. The source files stay separate. The order is that of the cascade.
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
    """The path of a sheet, below static/."""
    return f"css/{sheet}.css"


def bundle_path(name: str) -> str:
    """The path of a bundle, in the folder of its sheets: they refer to pictures by relative paths."""
    return f"css/{name}_bundle.css"
