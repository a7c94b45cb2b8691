"""Limits on opening sockets, for each address block and account, and a temporary ban after sockets were closed.

Each web process counts for itself: the limits bound the work of this process, a counter in Redis would cost more than
a refusal saves, and they must hold while Redis is away. With n processes the limits are n times as high.
"""

import random
import time
from collections import Counter
from collections.abc import Hashable

from django.conf import settings

from ..kernel.rate_counters import RateByKey

# An address block may be a whole office that comes back after a deploy: all of it at once, then a fiftieth a second.
REFILL_SECONDS = 50
# An account opens all the sockets it may have three times over, then all of them in 20 s.
OPENINGS_A_SOCKET, ACCOUNT_SECONDS = 3, 20
OFFENCES, OFFENCE_SECONDS = 3, 120  # closed sockets of an account; then one more every two minutes
BLOCK_OFFENCES, BLOCK_OFFENCE_SECONDS = 60, 5  # of all accounts of an address block
SHORTEST_WAIT = 5  # seconds, the least that is told
REMEMBERED = 1000  # offenders, for staff


class ConnectionLimiter:
    """One for each web process. The key of an account is its user id or, before that is known, the credentials."""

    def __init__(self) -> None:
        most, sockets = settings.MAX_CONNECTIONS_PER_ADDRESS, settings.MAX_SOCKETS_PER_USER
        self._blocks = RateByKey(most / REFILL_SECONDS, most)
        self._accounts = RateByKey(sockets / ACCOUNT_SECONDS, OPENINGS_A_SOCKET * sockets)
        self._offences = RateByKey(1 / OFFENCE_SECONDS, OFFENCES)
        self._block_offences = RateByKey(1 / BLOCK_OFFENCE_SECONDS, BLOCK_OFFENCES)
        self._refusals = RateByKey(most / REFILL_SECONDS / 4, most / 4)
        self.refused: Counter[str] = Counter()  # handshakes, by "address", "account" and "offences"
        self.closed: Counter[str] = Counter()  # sockets, by the limit that they exceeded
        self.offenders: Counter[str] = Counter()  # closings, by "account 7" and "address 192.0.2.1"

    def check_address(self, block: str) -> float:
        """Seconds until this address block may open another socket. 0: it may now, and was counted."""
        now = time.monotonic()
        if wait := self._block_offences.wait(block, now):
            return self._refuse("offences", block, wait, now)
        if wait := self._blocks.take(block, now):
            return self._refuse("address", block, wait, now)
        return 0

    def check_account(self, key: Hashable) -> float:
        """The same for an account."""
        now = time.monotonic()
        if wait := self._accounts.take(key, now):
            return self._refuse("account", None, wait, now)
        return 0

    def check_offences(self, user_id: int) -> float:
        """Seconds for which an account is refused because its sockets were closed for exceeding limits."""
        now = time.monotonic()
        if wait := self._offences.wait(user_id, now):
            return self._refuse("offences", None, wait, now)
        return 0

    def is_overrun_by(self, block: str) -> bool:
        """Whether an address block connects so often that it is no longer told why it is refused."""
        return bool(self._refusals.wait(block, time.monotonic()))

    def count_offence(self, what: str, user_id: int, block: str) -> bool:
        """Count a socket closed for exceeding a limit. Returns whether its account is refused from now on."""
        now = time.monotonic()
        self.closed[what] += 1
        for name in (f"account {user_id}", f"address {block}"):
            self.offenders[name] += 1
        if len(self.offenders) > REMEMBERED:
            self.offenders = Counter(dict(self.offenders.most_common(REMEMBERED // 2)))
        self._block_offences.take(block, now)
        self._offences.take(user_id, now)
        return bool(self._offences.wait(user_id, now))

    def _refuse(self, why: str, block: str | None, wait: float, now: float) -> float:
        self.refused[why] += 1
        if block is not None:
            self._refusals.take(block, now)
        # Jitter, so that clients that are refused together do not come back together.
        return max(wait, SHORTEST_WAIT) * random.uniform(1, 2)  # noqa: S311
