"""Pieces of SQL written by hand."""

from collections.abc import Collection


def placeholders(values: Collection) -> str:
    """What stands for these values in `IN (…)`: "%s, %s" for two. None at all is for the caller to rule out."""
    return ", ".join(["%s"] * len(values))
