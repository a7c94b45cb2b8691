"""What one client shows of its room: built from events alone, as docs/protocol.md tells a client to. Pure."""

import uuid


class View:
    """`apply` events in the order in which they come. Counts what the server promised never to do."""

    def __init__(self):
        self.messages: dict[int, dict] = {}
        self.seq = 0
        self.catching_up = True
        self.doubles = 0  # a change told twice
        self.disorder = 0  # a change told after a later one
        self.holes = 0  # a change left out, without a word
        self.asked: str | None = None  # the id of a `resume` that is not acked yet
        self._since = 0  # what comes now is what changed after this number
        self._told: set[int] = set()  # since then
        self._last = 0

    def opened(self) -> int:
        """A connection begins. Returns the `since` to ask for."""
        self.asked, self.catching_up = None, True
        self._begin(self.seq)
        return self.seq

    def apply(self, event: dict) -> bool:
        """Take an event. True when something is missing: send `resume` from `seq`, with the id `asked`."""
        missing = getattr(self, f"_{event['type']}", lambda event: False)(event)
        if missing:
            self.asked, self._since, self.catching_up = str(uuid.uuid4()), self.seq, True
        return missing

    def _begin(self, since: int):
        self._since = self._last = since
        self._told.clear()

    def _ack(self, event) -> bool:
        # What comes before it was under way already, and comes again.
        if event["id"] == self.asked:
            self.asked = None
            self._begin(self._since)
        return False

    def _message(self, event) -> bool:
        seq, known = event["seq"], self.messages.get(event["id"])
        if event["state"] == "streaming" and known and known["seq"] == seq:
            self.messages[event["id"]] = event  # a reply that is being written, told again with its text so far
            return False
        if not self.asked:
            self._count(seq)
        if known is None or known["seq"] < seq:
            self.messages[event["id"]] = event
        if self.catching_up or seq <= self.seq:
            return False
        if seq == self.seq + 1:
            self.seq = seq
            return False
        # The server itself may have repaired, and says `resumed` behind; a client cannot know that yet.
        self.holes += 1
        return not self.asked

    def _count(self, seq: int):
        if seq in self._told or seq <= self._since:
            self.doubles += 1
        elif seq < self._last:
            self.disorder += 1
        self._told.add(seq)
        self._last = max(seq, self._last)

    def _welcome(self, event) -> bool:
        for reply in event["streaming"]:
            known = self.messages.get(reply["id"])
            if known and known["state"] == "streaming":
                self.messages[reply["id"]] = {**known, "message": reply["text"]}
        return False

    def _delta(self, event) -> bool:
        known = self.messages.get(event["id"])
        if known is None or known["state"] != "streaming":
            return False
        new = event["text"][len(known["message"]) - event["at"] :]
        if event["at"] > len(known["message"]):
            return not self.asked
        self.messages[event["id"]] = {**known, "message": known["message"] + new}
        return False

    def _resumed(self, event) -> bool:
        self.seq = max(self.seq, event["seq"])
        self.catching_up = False
        return False

    def _head(self, event) -> bool:
        return not self.catching_up and not self.asked and event["seq"] > self.seq

    def _reset(self, event):
        raise AssertionError("the server asked to load everything anew, though little was missed")
