"""The ways to an issuer and back, and the page of connected accounts."""

import logging

from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.socialaccount.internal.flows.connect import disconnect, validate_disconnect
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ..issuers.configured import all_issuers, find_by_address, find_by_key
from ..issuers.fetching import IssuerAway
from ..issuers.issuer import Issuer
from ..issuers.tokens import BadToken
from ..security.reauthentication import require_confirmation, sudo_required
from . import flow
from .adapter import refuse
from .flow import Purpose
from .invitations import MAX_SECRET, NotInvited
from .sessions import end_by_issuer

logger = logging.getLogger(__name__)


@never_cache
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """A page that leads on to the issuer, not a redirect: browsers hold each hop after a form against the policy of
    this site (`form-action`), and an issuer may lead on to others."""
    issuer, purpose = _issuer(key), _purpose(request)
    if not ratelimit.consume(request, action="sso"):
        return ratelimit.respond_429(request)
    next_url = get_next_redirect_url(request) or ""
    if purpose == Purpose.LOGIN and request.user.is_authenticated:
        return redirect(next_url or settings.LOGIN_REDIRECT_URL)
    if purpose != Purpose.LOGIN and not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    if purpose == Purpose.CONNECT:
        require_confirmation(request)
    try:
        address = flow.begin(request, issuer, purpose, next_url, request.POST.get("invitation", "")[:MAX_SECRET])
    except IssuerAway as error:
        return _away(request, issuer, error)
    return render(request, "sso/going.html", {"issuer": issuer, "address": address})


@never_cache
@require_safe
def callback(request: HttpRequest, key: str) -> HttpResponse:
    issuer = _issuer(key)
    if not ratelimit.consume(request, action="sso"):
        return ratelimit.respond_429(request)
    if request.GET.get("error") == "access_denied":
        return refuse(request, _("You did not sign in with %(issuer)s.") % {"issuer": issuer.title})
    try:
        return flow.finish(request, issuer)
    except IssuerAway as error:
        return _away(request, issuer, error)
    except NotInvited as error:
        return refuse(request, error.sentence, error.status)
    except BadToken as error:
        logger.warning("the answer of %s was refused: %s", issuer.issuer, error)
        words = _("The answer of %(issuer)s could not be trusted. Try once more, or ask the administrator.")
        return refuse(request, words % {"issuer": issuer.title}, 401)
    except PermissionDenied:
        words = _("This sign-in was not begun in this browser, took more than ten minutes, or is somebody else's.")
        return refuse(request, words, 401)


@csrf_exempt  # no browser asks: what counts is the signature of the issuer
@never_cache
@require_POST
def logged_out_there(request: HttpRequest, key: str) -> HttpResponse:
    """The back channel, by which an issuer says that somebody has signed out there."""
    issuer = _issuer(key)
    if not issuer.is_oidc:
        raise Http404
    try:
        ended = end_by_issuer(issuer, request.POST.get("logout_token"))
    except IssuerAway as error:
        logger.warning("a logout of %s could not be checked: %s", issuer.issuer, error)
        return HttpResponse(status=503)
    except BadToken as error:
        logger.warning("a logout of %s was refused: %s", issuer.issuer, error)
        return JsonResponse({"error": "invalid_request"}, status=400)
    logger.info("%s ended %d sessions", issuer.issuer, ended)
    return HttpResponse()


@login_required
@never_cache
@require_safe
def connections(request: HttpRequest) -> HttpResponse:
    """The accounts elsewhere with which somebody signs in here."""
    mine = list(SocialAccount.objects.filter(user=request.user).order_by("pk"))
    connected = {account.provider for account in mine}
    offered = [issuer for issuer in all_issuers() if issuer.issuer not in connected]
    return render(request, "sso/connections.html", {"accounts": mine, "offered": offered})


@login_required
@never_cache
@sudo_required
@require_POST
def remove(request: HttpRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(SocialAccount, pk=account_id, user=request.user)
    with transaction.atomic():
        try:
            validate_disconnect(request, account)
            disconnect(request, account)
        except ValidationError as error:
            messages.error(request, error.messages[0])
    return redirect("connections")


@login_required
@never_cache
@require_safe
def confirm(request: HttpRequest) -> HttpResponse:
    """For those who have no password here: who they are is confirmed by their issuer."""
    mine = SocialAccount.objects.filter(user=request.user).values_list("provider", flat=True)
    issuers = [issuer for address in mine if (issuer := find_by_address(address))]
    if not issuers:
        raise PermissionDenied
    return render(request, "sso/confirm.html", {"issuers": issuers, "next": get_next_redirect_url(request)})


def _issuer(key: str) -> Issuer:
    issuer = find_by_key(key)
    if issuer is None:
        raise Http404
    return issuer


def _purpose(request: HttpRequest) -> Purpose:
    try:
        return Purpose(request.POST.get("purpose", Purpose.LOGIN))
    except ValueError:
        return Purpose.LOGIN


def _away(request: HttpRequest, issuer: Issuer, error: IssuerAway) -> HttpResponse:
    logger.warning("%s cannot be asked: %s", issuer.issuer, error)
    words = _("%(issuer)s cannot be reached at the moment. Try again in a minute.") % {"issuer": issuer.title}
    return refuse(request, words, 503)
