"""allauth's own OpenID Connect provider as a program: python -m testing.allauth_idp PORT DATABASE KEYFILE REDIRECT_URI

One client, whose secret is "s3cret", and one person, ann, with a confirmed address. It prints a line when it is there.
"""

import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.urls import include, path

CLIENT, SECRET, PASSWORD = "roundtable", "s3cret", "correct horse"  # noqa: S105


def configure(port: int, database: str, key: str) -> None:
    settings.configure(
        SECRET_KEY="only for tests",  # noqa: S106
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SESSION_COOKIE_NAME="idp",  # cookies are not told apart by a port
        CSRF_COOKIE_NAME="idp-csrf",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        ACCOUNT_EMAIL_VERIFICATION="none",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        IDP_OIDC_PRIVATE_KEY=key,
    )
    django.setup()
    settings.ROOT_URLCONF = (path("accounts/", include("allauth.urls")), path("", include("allauth.idp.urls")))


def fill(redirect_uri: str) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if User.objects.exists():
        return
    ann = User.objects.create_user("ann", "ann@example.org", PASSWORD)
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    client = Client(id=CLIENT, name="Roundtable", scopes="openid\nprofile\nemail", redirect_uris=redirect_uri)
    client.skip_consent = True
    client.set_secret(SECRET)
    client.save()


class _Silent(WSGIRequestHandler):
    def log_message(self, *args) -> None:
        """Nothing."""


def main(port: int, database: str, key_file: str, redirect_uri: str) -> None:
    from django.core.wsgi import get_wsgi_application

    configure(port, database, Path(key_file).read_text())
    fill(redirect_uri)
    server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=_Silent)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
