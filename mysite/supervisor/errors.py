class CannotStart(Exception):
    """Something that Roundtable needs is not there. The text says what, and what to do."""
