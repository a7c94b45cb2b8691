"""What was done to a room again and again stands in one line, which opens."""

import re

from playwright.sync_api import expect

ADD = """
from accounts.models import User
from rooms.kernel.notices import notice
from rooms.services import membership
from rooms.services.notices import post_notice
alice = User.objects.get(username="alice")
room = membership.get_or_create_and_join(alice, "{room}")
for name in ("bob", "carol", "dave", "erin"):
    post_notice(alice, room.pk, notice("person_added", name=name))
"""

SHIFTED = """() => new Promise((measured) => {
    let shifted = 0;
    new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) shifted += value;
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => measured(shifted), 100));
})"""


def test_people_added_in_a_row_stand_in_one_line(person, stack, room):
    alice, bob = person("alice"), person("bob")
    stack.run(ADD.format(room=room))
    drawn = bob.context.request.get(bob.stack.base_url + f"/chat/{room}/").text()
    assert '<details class="fold notices">' in drawn  # without a script as well
    bob.open(f"/chat/{room}/")
    line = bob.page.locator("#log .fold > summary")
    expect(line).to_have_text(re.compile("^alice added bob, carol,? and 2 others to the room"))
    expect(bob.page.locator("#log .message:visible")).to_have_count(0)
    assert bob.page.evaluate(SHIFTED) < 0.02
    alice.open(f"/chat/{room}/").say("welcome all")
    bob.sees("welcome all")
    line.click()
    expect(bob.page.locator("#log .fold .message:visible")).to_have_count(4)
    expect(bob.page.locator("#log .fold .message").last).to_contain_text("added erin to the room")
