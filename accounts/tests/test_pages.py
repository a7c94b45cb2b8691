"""Every page of accounts: who may see it, and what it may not carry."""

import re

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]


@pytest.mark.parametrize("page", ["profile", "tokens"])
def test_these_pages_are_for_people_signed_in(client, page):
    answer = client.get(reverse(page))
    assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={reverse(page)}")


def test_no_account_page_carries_inline_script_or_style(signed_in, client):
    for name in ("profile", "tokens", "account_change_password", "account_logout"):
        page = signed_in.get(reverse(name)).content.decode()
        assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", page), name
    client.logout()
    for name in ("account_login", "account_signup", "account_reset_password"):
        page = client.get(reverse(name)).content.decode()
        assert not re.search(r"<script(?![^>]*(src=|application/json))|<style|\sstyle=|\son\w+=", page), name
