"""manage.py checksso: try the issuers by which people sign in."""

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.issuers import metadata
from accounts.issuers.configured import all_issuers
from accounts.issuers.fetching import IssuerAway
from accounts.issuers.issuer import Issuer
from accounts.issuers.tokens import can_sign
from accounts.mail.links import absolute_url
from accounts.sso.flow import callback_of


class Command(BaseCommand):
    help = "Asks each issuer of SSO_PROVIDERS for its configuration and its keys, and says what does not work and why."

    def handle(self, *args, **options):
        issuers = all_issuers()
        if not issuers:
            raise CommandError("No issuer is set up: see SSO_PROVIDERS.")
        metadata.forget()
        failed = [issuer.title for issuer in issuers if not self._check(issuer)]
        if failed:
            raise CommandError(f"Nobody can sign in with {', '.join(failed)}.")

    def _check(self, issuer: Issuer) -> bool:
        self.stdout.write(f"{issuer.title} ({issuer.issuer})")
        self._say("Address to allow there", callback_of(issuer))
        if not issuer.is_oidc:
            self._say("Configuration", "none to read: it does not speak OpenID Connect")
            return True
        try:
            known, keys = metadata.of(issuer), metadata.keys_of(issuer)
        except IssuerAway as error:
            self._say("Failed", self.style.ERROR(str(error)))
            return False
        usable = list(filter(can_sign, keys))
        if not usable:
            self._say("Failed", self.style.ERROR(f"{known.jwks} has no key that can sign a token"))
            return False
        self._say("Configuration", "read")
        self._say("Keys", str(len(usable)))
        logout = absolute_url(reverse("sso_logged_out", args=[issuer.key]))
        self._say("Tells of a logout", f"yes, to {logout}" if known.can_log_out else "no")
        return True

    def _say(self, what: str, found: str) -> None:
        self.stdout.write(f"  {what}: {found}")
