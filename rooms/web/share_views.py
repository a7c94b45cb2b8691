"""The page where a person chooses a room for what another app has shared.

The server gets nothing before that: the service worker handles the form, and static/js/inbox/share.js fills in the
page. Without a worker, as on a first visit or after the browser removed it, the form comes here. Then the page
shows its text in a field, to be sent by a button.
"""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.plain_text import clean

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.wire import MAX_TEXT
from ..services.messages import post
from .sidebar import get_open_entries

_TEXTS = ("title", "text", "url")  # of the form, see app_views


@csrf_exempt  # the operating system sends it without a token; it changes nothing
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request):
    """POST: the shared text when no worker runs, in a form for `send_shared`."""
    if request.method != "POST":
        return render(request, "rooms/share.html")
    texts = [clean(request.POST.get(name, "")).strip() for name in _TEXTS]
    return _render_form(request, _joined(texts), has_files=bool(request.FILES))


@login_required
@require_POST
def send_shared(request):
    """Send the text, as the person has changed it, to the room that they chose."""
    text, name = request.POST.get("message", ""), request.POST.get("to", "")
    try:
        with rate_limits.counted_post(request.user.id):
            post(request.user, name, text)
    except ChatError as error:
        return _render_form(request, clean(text), error=error)
    return redirect("room", name=name)


def _render_form(request, text: str, has_files: bool = False, error: ChatError | None = None):
    entries = get_open_entries(request.user).values()
    context = {
        "offered": True,
        "text": text[:MAX_TEXT],
        "has_files": has_files,
        "error": error.message if error else "",
        "rooms": [entry for entry in entries if not entry.other],
        "direct": [entry for entry in entries if entry.other],
        "chosen": request.POST.get("to", ""),
    }
    return render(request, "rooms/share.html", context, status=error.status if error else 200)


def _joined(texts: list[str]) -> str:
    """Each text once, unless another has it: apps often repeat one in another (textOf in static/js/worker/share.js)."""
    found: list[str] = []
    for number, text in enumerate(texts):
        others = texts[:number] + [each for each in texts[number + 1 :] if each != text]
        if text and not any(text in other for other in others):
            found.append(text)
    return "\n".join(found)
