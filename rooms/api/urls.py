from django.urls import path, re_path

from accounts.scopes import Scope

from . import (
    contact_views,
    directory_views,
    inbox_views,
    preference_views,
    profile_views,
    reading_views,
    search_views,
    views,
)
from .framework import endpoint, unknown_address

app_name = "api"
urlpatterns = [
    path("rooms", endpoint(GET=views.list_rooms, POST=views.create_room), name="rooms"),
    path("search", endpoint(GET=search_views.search_messages), name="search"),
    path("people", endpoint(GET=directory_views.find_people_by_name), name="people"),
    path("me", endpoint(GET=profile_views.show_me, PATCH=profile_views.update_me), name="me"),
    path(
        "me/preferences",
        endpoint(GET=preference_views.show_preferences, PATCH=preference_views.update_preferences),
        name="preferences",
    ),
    path("jump", endpoint(GET=directory_views.jump), name="jump"),
    path("rooms/<str:name>/members", endpoint(GET=directory_views.find_members_by_name), name="members"),
    path("blocks", endpoint(GET=contact_views.list_blocks), name="blocks"),
    path("block", endpoint(POST=contact_views.block), name="block"),
    path("unblock", endpoint(POST=contact_views.unblock), name="unblock"),
    path("direct", endpoint(POST=views.open_direct_message, scope=Scope.WRITE), name="direct"),
    path("rooms/<str:name>", endpoint(GET=views.show_room, PATCH=views.update_room), name="room"),
    path(
        "rooms/<str:name>/messages",
        endpoint(GET=views.list_messages, POST=views.post_message, scope=Scope.WRITE),
        name="messages",
    ),
    path("rooms/<str:name>/messages/<int:message_id>/reactions", endpoint(GET=views.list_reactions), name="reactions"),
    path("rooms/<str:name>/commands", endpoint(POST=views.run_command, scope=Scope.WRITE), name="commands"),
    path("rooms/<str:name>/online", endpoint(GET=views.list_online), name="online"),
    path("inbox", endpoint(GET=inbox_views.list_inbox), name="inbox"),
    path("inbox/done", endpoint(POST=inbox_views.mark_all_done, scope=Scope.WRITE), name="inbox_all_done"),
    path("inbox/restore", endpoint(POST=inbox_views.restore, scope=Scope.WRITE), name="inbox_restore"),
    path(
        "inbox/<int:notification_id>/done",
        endpoint(POST=inbox_views.mark_done, scope=Scope.WRITE),
        name="inbox_done",
    ),
    path(
        "inbox/<int:notification_id>/read",
        endpoint(POST=inbox_views.mark_opened, scope=Scope.WRITE),
        name="inbox_read",
    ),
    path("read-all", endpoint(POST=reading_views.mark_all_read, scope=Scope.WRITE), name="read_all"),
    path("read-all/undo", endpoint(POST=reading_views.restore_unread, scope=Scope.WRITE), name="restore_unread"),
    path("invitations", endpoint(GET=contact_views.list_invitations), name="invitations"),
    path("invitations/<int:invitation_id>/accept", endpoint(POST=contact_views.accept), name="accept_invitation"),
    path("invitations/<int:invitation_id>/decline", endpoint(POST=contact_views.decline), name="decline_invitation"),
    path("rooms/<str:name>/invite", endpoint(POST=contact_views.invite), name="invite"),
    path("rooms/<str:name>/invited", endpoint(GET=contact_views.list_invited), name="invited"),
    path("rooms/<str:name>/withdraw", endpoint(POST=contact_views.withdraw), name="withdraw"),
    path("rooms/<str:name>/remove", endpoint(POST=views.remove_member), name="remove"),
    path("rooms/<str:name>/ban", endpoint(POST=views.ban_member), name="ban"),
    path("rooms/<str:name>/appoint", endpoint(POST=views.appoint_member), name="appoint"),
    path("rooms/<str:name>/rename", endpoint(POST=views.rename_room), name="rename"),
    path("rooms/<str:name>/kind", endpoint(POST=views.change_room_kind), name="kind"),
    path("rooms/<str:name>/close", endpoint(POST=views.archive_room), name="close"),
    path("rooms/<str:name>/reopen", endpoint(POST=views.unarchive_room), name="reopen"),
    path("rooms/<str:name>/delete", endpoint(POST=views.delete_room), name="delete"),
    path("rooms/<str:name>/restore", endpoint(POST=views.restore_room), name="restore"),
    path("deleted-rooms", endpoint(GET=views.list_deleted_rooms), name="deleted_rooms"),
    path("rooms/<str:name>/star", endpoint(POST=views.star_room), name="star"),
    path("rooms/<str:name>/unstar", endpoint(POST=views.unstar_room), name="unstar"),
    path("order", endpoint(POST=views.arrange_rooms), name="order"),
    path("rooms/<str:name>/leave", endpoint(POST=views.leave_room), name="leave"),
    re_path(r"", unknown_address),
]
