"""Sessions as Django keeps them in the database, for keys alone that it could have made (see SESSION_ENGINE)."""

import re

from django.contrib.sessions.backends import db
from django.utils import timezone

PORTION = 200  # a transaction, so that nobody who writes waits for long
_KEY = re.compile(r"[a-z0-9]{8,40}")


def could_be_key(text: str) -> bool:
    """Whether a session may have this key. No other text is looked for: PostgreSQL raises on a NUL, say."""
    return bool(_KEY.fullmatch(text))


class SessionStore(db.SessionStore):  # of the same name: what is signed by the one is read by the other
    def _validate_session_key(self, key):
        return bool(key) and could_be_key(key)

    @classmethod
    def clear_portion(cls) -> int:
        """Delete some of the sessions that have run out; → how many."""
        rows = cls.get_model_class().objects.filter(expire_date__lt=timezone.now())
        return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:PORTION])).delete()[0]
