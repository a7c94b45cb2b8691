"""Who is online, for pages and the API: presence knows ids, people are shown by name."""


def online_counts(room_names: list[str]) -> dict[str, int]:
    """Room name → how many people are there."""
    return {}


def online_people(room_name: str) -> list[dict]:
    """The people in a room, as the wire names them."""
    return []
