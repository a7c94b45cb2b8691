"""Redis loses, without a word, what holds the words "lose this"."""

from redis.commands.core import PubSubCommands

_publish = PubSubCommands.publish


def publish(self, channel, message, **options):
    # The command is sent all the same, to a channel that nobody listens to.
    lost = b"lose this" in (message if isinstance(message, bytes) else str(message).encode())
    return _publish(self, "nobody" if lost else channel, message, **options)


PubSubCommands.publish = publish
