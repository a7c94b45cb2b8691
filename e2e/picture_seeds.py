"""What people have said and done before pictures.py takes its pictures: code for Stack.run."""

TALK = """
from accounts.models import User
from rooms.services import membership, messages as actions
alice, bob = (User.objects.get(username=name) for name in ("alice", "bob"))
for user in (alice, bob):
    membership.get_or_create_and_join(user, "{room}-talk")
for user, text in (
    (bob, "Morning. Did the export finish last night?"),
    (alice, "It did, at 02:14. Two files were skipped because their names were too long."),
    (alice, "I put them in the list for today."),
    (bob, "Good. @alice could you check the totals as well? Last time they were off by **one row**."),
    (alice, "| region | rows | change |\\n|---|---:|---:|\\n| north | 1,204,882 | +2 % |\\n| south | 98,113 | −1 % |"),
    (bob, "```python\\ndef total(rows):\\n    return sum(row.amount for row in rows)\\n```"),
    (alice, "> Last time they were off by one row\\n\\nThat was the header line. It is left out now."),
):
    said = actions.post(user, "{room}-talk", text)
actions.react(alice, "{room}-talk", said.message_id, "👍")
actions.react(bob, "{room}-talk", said.message_id, "🎉")
"""
CALLS = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from notifications.mail.unsubscribe import unsubscribe_link
from notifications.models import PushSubscription
from rooms.services import direct_messages, levels, membership, messages as actions, people_groups
alice, bob, erin = (User.objects.get(username=name) for name in ("alice", "bob", "erin"))
User.objects.filter(pk__in=[alice.pk, bob.pk]).update(is_staff=True)
alice.refresh_from_db(), bob.refresh_from_db()
User.objects.filter(pk=alice.pk).update(email="alice@example.org")
room = membership.get_or_create_and_join(bob, "{room}-calls").name
for user in (alice, erin):
    membership.get_or_join(user, room)
name = "design" + "{room}".rpartition("-")[2]
people_groups.create(alice, "@" + name, "How things look, and what stands where")
for user in ("alice", "bob"):
    people_groups.add(alice, name, user)
mine = actions.post(alice, room, "The new icons are in the folder of the project.").message_id
actions.post(bob, room, "They are lovely, thank you.", reply_to=mine)
actions.react(erin, room, mine, "🎉")
for text in ("@alice may I use them on the poster?", "@room the poster is printed on Friday.", "@" + name + " look"):
    actions.post(bob, room, text)
direct = direct_messages.get_or_create_direct_message(bob, "alice").name
for text in ("hello", "Are you there?"):
    actions.post(bob, direct, text)
levels.mute(alice, "{room}", True)
for number, name in enumerate(("Firefox on Linux", "Chrome on Android")):
    PushSubscription.objects.get_or_create(digest="{room}" + str(number), defaults=dict(
        user=alice, endpoint="https://push.example.org/" + name, p256dh="k", auth="a", name=name, session="s",
        ends=timezone.now() + timedelta(days=9)))
print(unsubscribe_link(alice, "mentions").split("/mail/")[1])
"""
LAUNCH = """
from accounts.models import User
from rooms.services import membership, messages as actions
alice, bob = (User.objects.get(username=name) for name in ("alice", "bob"))
for user in (alice, bob):
    room = membership.get_or_create_and_join(user, "Website launch")
actions.set_topic_and_description(alice, room.name, topic="Thursday, 10:00")
for user, text in (
    (alice, "Morning! Where are we with the launch?"),
    (bob, "Texts are final. I still need alt texts for the last six pictures, the list is in my notes."),
    (alice, "The redirects work on the test server. I have *not* switched them on yet."),
    (bob, "Form, search and prices are checked on the phone, too."),
):
    print(actions.post(user, room.name, text).message_id)
"""
