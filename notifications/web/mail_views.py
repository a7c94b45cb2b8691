"""The page that links in mails lead to, to unsubscribe.

Mail programs also post there when their user presses a button (RFC 8058). They have no cookie, so the signed link is
the only proof that is asked for.
"""

from http import HTTPStatus

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..mail.kinds import EVERYTHING, MailKind
from ..mail.unsubscribe import read_link, unsubscribe


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails(request, token: str):
    """GET shows a button and changes nothing, because mail programs open links before people do."""
    found = read_link(token)
    if found is None:
        return render(request, "notifications/mail_stop.html", {"what": ""}, status=HTTPStatus.NOT_FOUND)
    user, kind = found
    if request.method == "POST":
        unsubscribe(user, kind)
    what = _("what you missed") if kind == EVERYTHING else MailKind(kind).label
    context = {"what": what, "name": user.username, "done": request.method == "POST"}
    return render(request, "notifications/mail_stop.html", context)
