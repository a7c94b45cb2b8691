"""What the channel layer relies on in channels-redis and redis-py: an upgrade that moves it fails here."""

import inspect

from channels.layers import get_channel_layer
from channels_redis import pubsub
from redis import asyncio as aioredis

from rooms.realtime.channel_layer import DirectPubSubChannelLayer


def test_the_layer_of_the_settings_is_ours():
    assert isinstance(get_channel_layer(), DirectPubSubChannelLayer)


# --- what we use of others ---


def test_channels_redis_still_has_the_parts_that_are_replaced():
    loop_layer, shard = pubsub.RedisPubSubLoopLayer, pubsub.RedisSingleShardConnection
    for owner, names in (
        (pubsub.RedisPubSubChannelLayer, ["_get_layer", "serialize", "deserialize"]),
        (loop_layer, ["_get_shard", "_get_group_channel_name", "_subscribe_to_channel", "group_add", "group_discard"]),
        (shard, ["publish", "subscribe", "unsubscribe", "flush", "_do_receiving", "_receive_message"]),
        (shard, ["_ensure_redis", "_ensure_receiver"]),
    ):
        for name in names:
            assert callable(getattr(owner, name)), name
    assert list(inspect.signature(shard.__init__).parameters) == ["self", "host", "channel_layer"]
    # A stock queue is asked for nothing but this, so a mailbox of ours can stand in its place.
    assert "put_nowait(data)" in inspect.getsource(shard._receive_message)


def test_redis_py_still_gives_none_for_a_read_that_timed_out():
    parameters = inspect.signature(aioredis.Connection.read_response).parameters
    assert {"timeout", "disconnect_on_error"} <= parameters.keys()
