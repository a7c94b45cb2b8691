"""What stands on the pages that test_every_page.py looks at: code for Stack.run."""

SEED = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from notifications.models import PushSubscription
from rooms.models import PeopleGroup
from rooms.services import blocks, membership, people_groups, personal_invitations
from rooms.services import direct_messages, invitation_links as invitations, messages as actions
alice, bob = User.objects.get(username="alice"), User.objects.get(username="bob")
carla, _made = User.objects.get_or_create(username="carla")  # no other test signs up as she or dilys
dilys, _made = User.objects.get_or_create(username="dilys")
for name in ("{room}", "{room}-empty"):
    membership.get_or_create_and_join(alice, name)
topic = "Tea, and what it is drunk from"
actions.set_topic_and_description(alice, "{room}", topic=topic, description="No coffee. " * 20)
membership.get_or_create_and_join(bob, "{room}")
membership.get_or_create_and_join(bob, "{room} ??")  # has a similar name
actions.post(bob, membership.get_or_create_and_join(bob, "{room}-bobs").name, "Only the **brown** one")
for name in ("bob", "bot"):
    direct_messages.get_or_create_direct_message(alice, name)
for text in (
    "The **teapot** is @alice's, see `pot.py`",
    "```python\\nclass Teapot:  # " + "long " * 40 + "\\n    size = 'a' + str(1.5)\\n```",
    "| pot | size |\\n|---|---|\\n| brown | 1 |\\n\\n- [ ] wash\\n- [x] fill\\n\\n> quoted\\n\\n# Heading",
    "Teapotkapitänsmützenabzeichen" * 9,
):
    said = actions.post(bob, "{room}", text)
actions.react(alice, "{room}", said.message_id, "👍")
staff, _made = User.objects.get_or_create(username="steve", defaults={{"is_staff": True}})
if not PeopleGroup.objects.filter(name="teapots").exists():
    people_groups.create(staff, "@teapots", "Those who pour, and those who only drink")
    people_groups.add(staff, "teapots", "alice")
device = {{"user": alice, "name": "Firefox on Linux", "ends": timezone.now() + timedelta(days=9)}}
PushSubscription.objects.get_or_create(digest="every page", defaults=device)
private, bobs = (membership.create_room(user, "Teapots, private", "private").name for user in (alice, bob))
invitations.create_link(alice, private, uses=10)
membership.get_or_join(carla, "{room}")
said = actions.post(carla, "{room}", "The teapot of Carla, who is blocked")
actions.post(bob, "{room}", "Indeed", reply_to=said.message_id)
actions.post(carla, direct_messages.get_or_create_direct_message(carla, "alice").name, "hello")
blocks.block(alice, "carla")
personal_invitations.invite(dilys, membership.create_room(dilys, "Kettles", "private").name, "alice")
personal_invitations.invite(alice, private, "dilys")
print("private", private, "invited", invitations.create_link(bob, bobs)[1])
print("last", actions.post(alice, "{room}", "mine", reply_to=said.message_id).message_id)
"""
STOP = """
from urllib.parse import urlsplit
from accounts.models import User
from notifications.mail.unsubscribe import unsubscribe_link
user, _made = User.objects.get_or_create(username="carla")
print(urlsplit(unsubscribe_link(user, "everything")).path)
"""
OWNER = """
from accounts import owner_links
print(f"/setup/{owner_links.make(recovery=True)}/")
"""
