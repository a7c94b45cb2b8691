"""What people write to say why they do something."""

from accounts.plain_text import clean_line

from .errors import ChatError
from .slugs import check_direction


def check_explanation(text: str, limit: int) -> str:
    """The text as it is stored, on one line; it may be empty. Raises ChatError: explanation_too_long,
    hidden_characters."""
    text = clean_line(text)
    if len(text) > limit:
        raise ChatError("explanation_too_long", limit=limit)
    return check_direction(text)
