from django.urls import path, re_path

from accounts.scopes import Scope

from . import api, contacts_api, directory_api, search_api
from .endpoint import endpoint, nothing_here

app_name = "api"
urlpatterns = [
    path("rooms", endpoint(GET=api.list_rooms, POST=api.create_room), name="rooms"),
    path("search", endpoint(GET=search_api.find), name="search"),
    path("people", endpoint(GET=directory_api.people), name="people"),
    path("jump", endpoint(GET=directory_api.jump), name="jump"),
    path("rooms/<str:name>/members", endpoint(GET=directory_api.members), name="members"),
    path("blocks", endpoint(GET=contacts_api.list_blocks), name="blocks"),
    path("block", endpoint(POST=contacts_api.block), name="block"),
    path("unblock", endpoint(POST=contacts_api.unblock), name="unblock"),
    path("direct", endpoint(POST=api.open_direct, scope=Scope.WRITE), name="direct"),
    path("rooms/<str:name>", endpoint(GET=api.show_room, PATCH=api.describe_room), name="room"),
    path(
        "rooms/<str:name>/messages",
        endpoint(GET=api.list_messages, POST=api.post_message, scope=Scope.WRITE),
        name="messages",
    ),
    path("rooms/<str:name>/messages/<int:message_id>/reactions", endpoint(GET=api.list_reactions), name="reactions"),
    path("rooms/<str:name>/commands", endpoint(POST=api.run_command, scope=Scope.WRITE), name="commands"),
    path("rooms/<str:name>/online", endpoint(GET=api.list_online), name="online"),
    path("invitations", endpoint(GET=contacts_api.list_invitations), name="invitations"),
    path("invitations/<int:invitation_id>/accept", endpoint(POST=contacts_api.accept), name="accept_invitation"),
    path("invitations/<int:invitation_id>/decline", endpoint(POST=contacts_api.decline), name="decline_invitation"),
    path("rooms/<str:name>/invite", endpoint(POST=contacts_api.invite), name="invite"),
    path("rooms/<str:name>/invited", endpoint(GET=contacts_api.list_invited), name="invited"),
    path("rooms/<str:name>/withdraw", endpoint(POST=contacts_api.withdraw), name="withdraw"),
    path("rooms/<str:name>/remove", endpoint(POST=api.remove), name="remove"),
    path("rooms/<str:name>/ban", endpoint(POST=api.ban), name="ban"),
    path("rooms/<str:name>/appoint", endpoint(POST=api.appoint), name="appoint"),
    path("rooms/<str:name>/close", endpoint(POST=api.close), name="close"),
    path("rooms/<str:name>/reopen", endpoint(POST=api.reopen), name="reopen"),
    path("rooms/<str:name>/leave", endpoint(POST=api.leave), name="leave"),
    re_path(r"", nothing_here),
]
