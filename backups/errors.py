"""Errors of backups. The message of each is one sentence for the person who runs the command."""


class Refused(Exception):
    """The operation is impossible, and nothing was changed."""


class Broken(Refused):
    """The archive is damaged, or is not an archive of Roundtable."""


class Busy(Refused):
    """Another backup is being made, here or on another host."""
