"""The directory: everybody who has an account here."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from presence import sync_client

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..kernel.protocol import whole_number
from ..search.directory import MAX_RESULTS, find_people
from ..services import contact_permissions
from .responses import render_refusal

PAGE = 50
MAX_PAGES = 200  # after these, searching is quicker than turning pages


@login_required
@never_cache
@require_safe
def directory(request):
    """?q= the beginning of any word of a name; ?sort=new: the newest accounts first; ?page=."""
    query, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "")
    page = min(max(1, whole_number(request.GET.get("page")) or 1), MAX_PAGES)
    try:
        if query:
            rate_limits.check_lookup(request.user.id)
    except ChatError as error:
        return render_refusal(request, error)
    people, more = find_people(query, MAX_RESULTS) if query else _page(sort, page)
    context = {
        "people": people,
        "here": _ids_here(request.user, people),
        "query": query,
        "sort": sort,
        "previous": page - 1 if page > 1 and not query else None,
        "next": page + 1 if more and not query and page < MAX_PAGES else None,
        "more": more and bool(query),
    }
    return render(request, "rooms/directory.html", context)


def _page(sort: str, number: int) -> tuple[list[User], bool]:
    everyone: QuerySet[User] = User.objects.filter(is_active=True)
    in_order = everyone.order_by("-date_joined", "-pk") if sort == "new" else everyone.order_by(Lower("username"))
    found = list(in_order[(number - 1) * PAGE : number * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def _ids_here(user: User, people: list[User]) -> set[int]:
    """The ids of those of these people who are online and let this person see it."""
    shown = contact_permissions.who_shows_presence(user.id, {each.id for each in people if not each.is_bot})
    return {id for id, status in (sync_client.get_status(shown) or {}).items() if status.here}
