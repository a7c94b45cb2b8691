"""The page where people download all their data, or delete their account."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.security.reauthentication import sudo_required

from ..kernel.errors import ChatError
from ..privacy import erasure, personal_data_download
from .forms import DeleteAccountForm


@login_required
@never_cache
@require_safe
def my_data(request):
    return render(request, "rooms/my_data.html", {"form": DeleteAccountForm()})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sudo_required
def download_my_data(request):
    """All data that the server holds about the reader, as a zip archive."""
    if request.method != "POST":  # people who confirmed their password too late are redirected here
        return redirect("my_data")
    try:
        personal_data_download.acquire_slot(request.user.pk)
    except ChatError as error:
        messages.error(request, error.message)
        return redirect("my_data")
    name = f"{request.user.username}-data.zip"
    chunks = personal_data_download.chunks(request.user, get_language())
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(chunks, content_type="application/zip", headers=headers)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sudo_required
def delete_account(request):
    """Close the reader's account at once. The rest is erased in batches afterwards, see erasure.py."""
    if request.method != "POST":
        return redirect("my_data")
    form = DeleteAccountForm(request.POST, username=request.user.username)
    if form.is_valid():
        try:
            erasure.begin(request.user, form.cleaned_data["messages"] == "keep")
        except ChatError as error:
            form.add_error(None, error.message)
        else:
            logout(request)
            messages.success(
                request, _("Your account is deleted. The remaining data will be removed within a few minutes.")
            )
            return redirect("account_login")
    return render(request, "rooms/my_data.html", {"form": form}, status=400)
