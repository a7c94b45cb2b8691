class CannotStart(Exception):
    """Something that Roundtable needs is missing. The text says what it is and what to do."""
