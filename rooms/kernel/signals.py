"""What other apps may hear. Those of changes are sent inside the transaction of the change: what a receiver writes is
committed with it or not at all, and a receiver that raises undoes it."""

from typing import Any

from django.dispatch import Signal

# message: the new row (its sender loaded); room: its room, locked, so a receiver may post into it too; addressed: the
# ids in message.mentions in the order in which it names them
message_posted = Signal()
# messages: tombstones, all of one room; room: locked
messages_deleted = Signal()
# message: a bot reply; user: who asks for it
stop_requested = Signal()
retry_requested = Signal()
# user_ids: people who have read, done or lost notifications, or marked them unread. Inside the transaction
notifications_ended = Signal()
# room_id: receivers return the user ids of bots that listen in this room. Sent outside any transaction
bots_wanted = Signal()
# room_id: receivers return (message id, place) of the bot replies that wait in this room; 1 is next. Likewise
places_wanted = Signal()
# ids: bot replies that are being written. This process lacks what was rendered of them so far: receivers have it sent
# to the room again, and wait for nothing. Sent on the event loop
blocks_wanted = Signal()
# Sent now and then in each web process, on its event loop: receivers drop what nobody has asked for lately, and wait
# for nothing
cache_cleanup_due = Signal()
# user: receivers return a list of personal_data.Section with what their app keeps of this person. Outside transactions
personal_data_wanted = Signal()
# room, user: receivers return a section of HTML, escaped already, for the page about the room. Only for its moderators
room_sections_wanted = Signal()
# request: receivers return {where: HTML, escaped already} for the page of settings about notifications, which names the
# places
notification_sections_wanted = Signal()
# user: whom a mail tells what they missed; rooms: names of those it tells of, the most important one first. Receivers
# return a dict by name of a room: {"text": a summary in plain words and the active language, "by": the user name of the
# bot whose model wrote it}, and leave out what the person may not read. Sent in a job, outside any transaction:
# receivers may wait for a model, a few seconds
mail_summaries_wanted = Signal()
# bot: the user of a bot; user: who reads. Likewise for the page about this bot
profile_sections_wanted = Signal()
# bot: likewise. Receivers return {"description", "model"}, each a text or empty, or None for a bot that is not theirs
profile_summary_wanted = Signal()
# bot: likewise. Receivers return a list of texts that people could begin a direct message with
example_prompts_wanted = Signal()


def answers(signal: Signal, sender: Any, **named: Any) -> list[Any]:
    """Send the signal; returns what each receiver returned."""
    return [answer for _receiver, answer in signal.send(sender, **named)]
