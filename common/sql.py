"""Pieces of SQL written by hand."""

from collections.abc import Collection


def placeholders(values: Collection) -> str:
    """The placeholders for these values in `IN (…)`: "%s, %s" for two. The caller must pass at least one value."""
    return ", ".join(["%s"] * len(values))
