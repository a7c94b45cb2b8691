"""Django's database sessions, but only well-formed keys are looked up (see SESSION_ENGINE)."""

import re

from django.contrib.sessions.backends import db
from django.utils import timezone

from common.prepared import Prepared

BATCH_SIZE = 200  # sessions in one transaction, so that other writers do not wait for long
_KEY = re.compile(r"[a-z0-9]{8,40}")


def is_well_formed_key(text: str) -> bool:
    """Whether Django could have made this key. PostgreSQL raises an error for some other texts, such as a NUL."""
    return bool(_KEY.fullmatch(text))


class SessionStore(db.SessionStore):  # Django's name, which is part of its signatures
    def _validate_session_key(self, key):
        return bool(key) and is_well_formed_key(key)

    def _get_session_from_db(self):
        """As Django's, prepared: each request of somebody who has signed in asks for it."""
        found = _BY_KEY.first(self.session_key)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found

    @classmethod
    def delete_expired_batch(cls) -> int:
        """Delete up to BATCH_SIZE expired sessions. Returns how many."""
        rows = cls.get_model_class().objects.filter(expire_date__lt=timezone.now())
        return rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:BATCH_SIZE])).delete()[0]


_BY_KEY = Prepared(lambda key: SessionStore.get_model_class().objects.filter(session_key=key), str)
