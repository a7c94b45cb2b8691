"""Browsers at several addresses, and strangers who try passwords."""

from django.test import Client

from conftest import PASSWORD

LOGIN, WAIT = "/accounts/login/", "Wait five minutes"


def browser(address: str = "192.0.2.1") -> Client:
    return Client(REMOTE_ADDR=address)


def sign_in(client: Client, password: str = PASSWORD, name: str = "alice", **more):
    return client.post(LOGIN, {"login": name, "password": password, **more})


def signs_in(client: Client, *args, **more) -> bool:
    return sign_in(client, *args, **more).status_code == 302


def attack(name: str = "alice", address: str = "203.0.113.{}", times: int = 8) -> list[str]:
    return [sign_in(browser(address.format(i)), "wrong", name).content.decode() for i in range(times)]
