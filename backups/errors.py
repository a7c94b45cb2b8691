"""Each is one sentence for whoever runs the command."""


class Refused(Exception):
    """It cannot be done, and nothing was changed."""


class Broken(Refused):
    """The archive is not as it was written, or is no archive of ours."""


class Busy(Refused):
    """Another backup is being made, here or on another host."""
