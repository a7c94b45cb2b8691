"""Who may open the server's own pages."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts.rights import ServerAction, may_on_server
from rooms.kernel.errors import ChatError
from rooms.web.responses import render_refusal

View = Callable[..., HttpResponseBase]


def allowed_to(action: ServerAction) -> Callable[[View], View]:
    """Decorate a view: people sign in first and come back to it, and are refused if they may not do this."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        @never_cache
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
            if not may_on_server(request.user, action):
                return render_refusal(request, ChatError("not_staff"))
            return view(request, *args, **kwargs)

        return checked

    return decorate
