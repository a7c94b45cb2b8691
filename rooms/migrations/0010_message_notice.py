"""What happened, as data, in the messages that say it in English."""

import re

from django.db import migrations, models

SAID = {
    "removed the topic": "topic_removed",
    "closed the room": "room_archived",
    "opened the room again": "room_unarchived",
    "owns the room now; the account of its owner was deleted": "owner_deleted",
}
WITH_PARAMS = (
    ("topic_set", "topic", re.compile(r"set the topic to “(.*)”", re.DOTALL)),
    ("owner_left", "name", re.compile(r"left the room; @(\S+) owns it now")),
)
ROWS = 1000


def notice_of(text):
    if text in SAID:
        return {"reason": SAID[text], "params": {}}
    for reason, param, pattern in WITH_PARAMS:
        if found := pattern.fullmatch(text):
            return {"reason": reason, "params": {param: found[1]}}
    return None


def keep_what_happened(apps, schema_editor):
    messages = apps.get_model("rooms", "Message").objects.using(schema_editor.connection.alias)
    waiting = messages.filter(kind="notice", deleted=False, notice__isnull=True).only("id", "text").order_by("id")
    last = 0
    while rows := list(waiting.filter(id__gt=last)[:ROWS]):
        last = rows[-1].id
        for message in rows:
            message.notice = notice_of(message.text)
        messages.bulk_update([message for message in rows if message.notice], ["notice"])


class Migration(migrations.Migration):

    dependencies = [
        ("rooms", "0009_erasures"),
    ]

    operations = [
        migrations.AddField(model_name="message", name="notice", field=models.JSONField(blank=True, null=True)),
        # Going back there is nothing to undo: the text is as it was.
        migrations.RunPython(keep_what_happened, migrations.RunPython.noop),
    ]
