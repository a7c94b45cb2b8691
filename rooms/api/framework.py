"""One HTTP endpoint of the API: authenticates, checks the request, runs the handler and answers in JSON."""

import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

from accounts.models import User
from accounts.scopes import Scope
from accounts.security import second_factor
from accounts.security.authentication import get_token_user, parse_bearer

from ..kernel.db_executor import DATABASE_AWAY
from ..kernel.errors import ChatError, internal_error, unavailable
from ..kernel.json_text import loads
from ..kernel.protocol import MAX_FRAME, encode, error_fields, whole_number
from ..kernel.rate_limits import counted_post
from ..kernel.uploads import Received, brought_files, received_with
from ..services import token_rooms
from ..services.token_scopes import InsufficientScope, check_scope

logger = logging.getLogger(__name__)

_NOT_OF_TYPE = {str: "field_not_text", bool: "field_not_boolean", list: "field_not_texts", int: "field_not_number"}
Counted = Callable[[int], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """What a handler gets: the caller, the query parameters, the JSON object of the body. session: None for a token,
    and for a request with files."""

    user: User
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    uploads: Received = field(default_factory=Received)
    session: SessionBase | None = None

    def int_parameter(self, name: str) -> int | None:
        """A parameter of the address that is a whole number; None when it is absent.

        Raises ChatError: parameter_not_number.
        """
        text = self.query.get(name)
        if text is None:
            return None
        if (number := whole_number(text)) is None:
            raise ChatError("parameter_not_number", parameter=name)
        return number

    def text_fields(self, *names: str) -> dict[str, str]:
        """The fields of the body, all texts; a name that ends in "?" may be absent. Others are refused.

        Raises ChatError: body_unknown_field, field_not_text.
        """
        declared = {name.rstrip("?"): name.endswith("?") for name in names}
        for name in self.body.keys() - declared.keys():
            raise ChatError("body_unknown_field", field=name[:40])
        for name, optional in declared.items():
            if not isinstance(self.body.get(name, "" if optional else None), str):
                raise ChatError("field_not_text", field=name)
        return dict(self.body)

    def optional_fields(self, **types: type) -> dict[str, Any]:
        """The fields of the body, all of which may be absent. types: str, bool, int (not below 0), or list (of texts).

        Raises ChatError: body_unknown_field, field_not_text, field_not_boolean, field_not_texts, field_not_number.
        """
        for name, value in self.body.items():
            if name not in types:
                raise ChatError("body_unknown_field", field=name[:40])
            texts = isinstance(value, list) and all(isinstance(each, str) for each in value)
            number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            fits = number if types[name] is int else isinstance(value, types[name])
            if not fits or (isinstance(value, list) and not texts):
                raise ChatError(_NOT_OF_TYPE[types[name]], field=name)
        return dict(self.body)

    def number_field(self, name: str) -> int:
        """The one field of the body, a whole number. Raises ChatError: body_unknown_field, field_not_number."""
        for other in self.body.keys() - {name}:
            raise ChatError("body_unknown_field", field=other[:40])
        found = self.body.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise ChatError("field_not_number", field=name)
        return found

    def text_list(self, name: str) -> list[str]:
        """The one field of the body, a list of texts. Raises ChatError: body_unknown_field, field_not_texts."""
        for other in self.body.keys() - {name}:
            raise ChatError("body_unknown_field", field=other[:40])
        found = self.body.get(name)
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise ChatError("field_not_texts", field=name)
        return found


def endpoint(
    scope: Scope = Scope.FULL,
    counted: Counted = counted_post,
    options: Mapping[str, str] | None = None,
    reads: Scope = Scope.READ,
    by_room: Collection[str] = (),
    **handlers,
):
    """Make a view from handlers by HTTP method. Each takes an ApiRequest and the names in the address, and returns
    the answer, alone or with a status and perhaps headers. Every method but GET and HEAD counts towards the person's
    rate limit; a request with files was counted when the files were received.

    scope: what a token needs for methods other than GET and HEAD; reads: for these two. counted: the limit that the
    others count towards. by_room: methods that check themselves which rooms a token is for. The others refuse a
    token for some rooms, unless the address has the `name` of one of them. options: further headers of the answer to
    OPTIONS. The view answers itself: sign_in_needed, second_factor_needed, token_of_some_rooms, no_such_room,
    body_not_object, request_too_large, page_outdated.
    """
    offered = ", ".join([*handlers, *(["HEAD"] if "GET" in handlers else []), "OPTIONS"])

    @csrf_exempt  # checked in _authenticate, for sessions only: no foreign page can make a browser send a Bearer token
    def view(request: HttpRequest, **names) -> HttpResponse:
        try:
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": offered, **(options or {})})
            method = "GET" if request.method == "HEAD" else request.method  # the server leaves the body out
            if method not in handlers:
                error = ChatError("method_not_allowed", methods=offered)
                return _json_response(error_fields(error), 405, Allow=offered)
            answer = _dispatch(
                request, {"GET": reads}.get(method, scope), counted, handlers[method], names, method in by_room
            )
            body, status, headers = (*answer, {})[:3] if isinstance(answer, tuple) else (answer, 200, {})
            return _json_response(body, status, **headers)
        except ChatError as error:
            return _error_response(error)
        except DATABASE_AWAY as error:
            logger.warning("the API cannot reach the database: %s", error)
            return _error_response(unavailable())
        except Exception:  # noqa: BLE001 - internal_error logs it
            return _error_response(internal_error(logger, "an API call failed"))

    return view


@csrf_exempt
def unknown_address(request: HttpRequest, **_names) -> HttpResponse:
    return _error_response(ChatError("no_such_address"))


def _dispatch(
    request: HttpRequest, scope: Scope, counted: Counted, handler, names: dict[str, Any], by_room: bool
) -> Any:
    user = _authenticate(request)
    reads = request.method in ("GET", "HEAD")
    check_scope(user, scope)
    if "name" in names:
        token_rooms.check_room(user, names["name"])
    elif not by_room:
        token_rooms.check_all_rooms(user)
    session = request.session if parse_bearer(request.headers.get("Authorization")) is None else None
    if reads:
        return handler(ApiRequest(user, request.GET.dict(), headers=request.headers, session=session), **names)
    if brought_files(request):
        return handler(ApiRequest(user, request.GET.dict(), uploads=received_with(request)), **names)
    api_request = ApiRequest(user, request.GET.dict(), _parse_body(request), request.headers, session=session)
    with counted(user.id):
        return handler(api_request, **names)


def _no_view(request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the check is wanted")


def _authenticate(request: HttpRequest) -> User:
    """The user of the Bearer token, or else of the session. Any Authorization header rules the session out."""
    secret = parse_bearer(request.headers.get("Authorization"))
    try:
        user = request.user if secret is None else get_token_user(secret)
    except second_factor.SecondFactorNeeded:
        raise ChatError("second_factor_needed") from None
    if user is None or not user.is_authenticated:
        raise ChatError("sign_in_needed")
    if secret is None and second_factor.is_overdue(user):
        raise ChatError("second_factor_needed")
    if secret is None and is_forged(request):
        raise ChatError("page_outdated")
    return user


def is_forged(request: HttpRequest) -> bool:
    """Whether another site may have made the browser send this with the person's cookies."""
    check = _CsrfCheck(_no_view)
    check.process_request(request)
    return check.process_view(request, _no_view, (), {}) is not None


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request, reason):
        return reason


def _parse_body(request: HttpRequest) -> dict:
    data = request.read(MAX_FRAME + 1)
    if len(data) > MAX_FRAME:
        raise ChatError("request_too_large", limit=MAX_FRAME // 1024)
    try:
        body = loads(data or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ChatError("body_not_object")
    return body


def _error_response(error: ChatError) -> HttpResponse:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if error.code == "unauthenticated":
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, InsufficientScope):
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{error.needed}"'
    return _json_response(error_fields(error), error.status, **headers)


def _json_response(answer: dict, status: int = 200, **headers) -> HttpResponse:
    headers = {"Cache-Control": "no-store", **headers}
    if status == 204:
        return HttpResponse(status=status, headers=headers)
    return HttpResponse(encode(answer), status=status, content_type="application/json", headers=headers)
