from django.urls import path, re_path

from accounts.scopes import Scope

from ..kernel import rate_limits
from . import (
    ban_views,
    contact_views,
    directory_views,
    emoji_views,
    file_views,
    inbox_views,
    message_views,
    notification_views,
    picture_views,
    pin_views,
    preference_views,
    profile_views,
    reading_views,
    report_views,
    resumable_views,
    room_views,
    search_views,
    server_invitation_views,
    session_views,
)
from .framework import endpoint, unknown_address

app_name = "api"
urlpatterns = [
    path("rooms", endpoint(GET=room_views.list_rooms, POST=room_views.create_room, scope=Scope.MANAGE), name="rooms"),
    path("search", endpoint(GET=search_views.search_messages), name="search"),
    path("people", endpoint(GET=directory_views.find_people_by_name), name="people"),
    path("me", endpoint(GET=profile_views.show_me, PATCH=profile_views.update_me), name="me"),
    path("emoji", endpoint(GET=emoji_views.list_emoji), name="emoji"),
    path(
        "me/notifications",
        endpoint(
            GET=notification_views.show_notification_settings, PATCH=notification_views.update_notification_settings
        ),
        name="notification_settings",
    ),
    path(
        "me/preferences",
        endpoint(GET=preference_views.show_preferences, PATCH=preference_views.update_preferences),
        name="preferences",
    ),
    path(
        "me/sessions",
        endpoint(GET=session_views.list_sessions, DELETE=session_views.end_other_sessions, reads=Scope.FULL),
        name="sessions",
    ),
    path("me/sessions/<int:session_id>", endpoint(DELETE=session_views.end_session), name="session"),
    path(
        "server/invitations",
        endpoint(
            GET=server_invitation_views.list_server_invitations, POST=server_invitation_views.create_server_invitation
        ),
        name="server_invitations",
    ),
    path(
        "server/invitations/mail",
        endpoint(POST=server_invitation_views.mail_server_invitations),
        name="mail_server_invitations",
    ),
    path(
        "server/invitations/<int:number>",
        endpoint(
            GET=server_invitation_views.show_server_invitation,
            DELETE=server_invitation_views.revoke_server_invitation,
            reads=Scope.FULL,
        ),
        name="server_invitation",
    ),
    path("jump", endpoint(GET=directory_views.jump), name="jump"),
    path("rooms/<str:name>/members", endpoint(GET=directory_views.find_members_by_name), name="members"),
    path("blocks", endpoint(GET=contact_views.list_blocks), name="blocks"),
    path("block", endpoint(POST=contact_views.block), name="block"),
    path("unblock", endpoint(POST=contact_views.unblock), name="unblock"),
    path("direct", endpoint(POST=room_views.open_direct_message, scope=Scope.WRITE), name="direct"),
    path(
        "rooms/<str:name>",
        endpoint(GET=room_views.show_room, PATCH=room_views.update_room, scope=Scope.MANAGE),
        name="room",
    ),
    path(
        "rooms/<str:name>/messages",
        endpoint(GET=message_views.list_messages, POST=message_views.post_message, scope=Scope.WRITE),
        name="messages",
    ),
    path(
        "rooms/<str:name>/messages/<int:message_id>/forward",
        endpoint(POST=message_views.forward_message, scope=Scope.WRITE),
        name="forward",
    ),
    path(
        "rooms/<str:name>/messages/<int:message_id>/reactions",
        endpoint(GET=message_views.list_reactions),
        name="reactions",
    ),
    path(
        "rooms/<str:name>/files",
        endpoint(GET=file_views.list_files, POST=file_views.upload_file, scope=Scope.WRITE),
        name="files",
    ),
    path(
        "files/<str:key>",
        endpoint(
            PATCH=file_views.describe_file,
            DELETE=file_views.delete_file,
            scope=Scope.WRITE,
            counted=rate_limits.counted_change,
        ),
        name="own_file",
    ),
    path(
        "rooms/<str:name>/avatar",
        endpoint(POST=room_views.set_room_picture, DELETE=room_views.remove_room_picture, scope=Scope.MANAGE),
        name="room_avatar",
    ),
    path(
        "people/<str:username>/avatar",
        endpoint(POST=picture_views.set_picture, DELETE=picture_views.remove_picture),
        name="avatar",
    ),
    path(
        "rooms/<str:name>/uploads",
        endpoint(
            POST=resumable_views.begin_upload,
            scope=Scope.WRITE,
            counted=rate_limits.counted_change,
            options=resumable_views.OFFERED,
        ),
        name="uploads",
    ),
    path(
        "uploads/<str:key>",
        endpoint(
            GET=resumable_views.show_upload,
            PATCH=resumable_views.continue_upload,
            DELETE=resumable_views.end_upload,
            scope=Scope.WRITE,
            counted=rate_limits.counted_change,
            options=resumable_views.OFFERED,
        ),
        name="upload",
    ),
    path(
        "rooms/<str:name>/messages/<int:message_id>/report",
        endpoint(POST=report_views.report_message, scope=Scope.WRITE),
        name="report_message",
    ),
    path(
        "people/<str:username>/report",
        endpoint(POST=report_views.report_person, scope=Scope.WRITE),
        name="report_person",
    ),
    path("reports", endpoint(GET=report_views.list_reports), name="reports"),
    path("reports/queue", endpoint(GET=report_views.list_queue, reads=Scope.MANAGE), name="report_queue"),
    path(
        "reports/<int:number>/decide",
        endpoint(POST=report_views.decide_report, scope=Scope.MANAGE),
        name="decide_report",
    ),
    path("rooms/<str:name>/pins", endpoint(GET=pin_views.list_pins), name="pins"),
    path("rooms/<str:name>/commands", endpoint(POST=message_views.run_command, scope=Scope.WRITE), name="commands"),
    path("rooms/<str:name>/online", endpoint(GET=message_views.list_online), name="online"),
    path("inbox", endpoint(GET=inbox_views.list_inbox), name="inbox"),
    path("inbox/new", endpoint(GET=inbox_views.list_calling), name="inbox_new"),
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
    path(
        "invitations/<int:invitation_id>/accept",
        endpoint(POST=contact_views.accept, scope=Scope.MANAGE),
        name="accept_invitation",
    ),
    path(
        "invitations/<int:invitation_id>/decline",
        endpoint(POST=contact_views.decline, scope=Scope.MANAGE),
        name="decline_invitation",
    ),
    path("rooms/<str:name>/invite", endpoint(POST=contact_views.invite, scope=Scope.MANAGE), name="invite"),
    path("rooms/<str:name>/invited", endpoint(GET=contact_views.list_invited), name="invited"),
    path("rooms/<str:name>/withdraw", endpoint(POST=contact_views.withdraw, scope=Scope.MANAGE), name="withdraw"),
    path("rooms/<str:name>/remove", endpoint(POST=room_views.remove_member, scope=Scope.MANAGE), name="remove"),
    path(
        "rooms/<str:name>/ban",
        endpoint(POST=ban_views.ban_member, PATCH=ban_views.change_ban, scope=Scope.MANAGE),
        name="ban",
    ),
    path(
        "rooms/<str:name>/delete-messages",
        endpoint(POST=ban_views.delete_messages, scope=Scope.MANAGE),
        name="delete_messages",
    ),
    path("rooms/<str:name>/bans", endpoint(GET=ban_views.list_bans), name="bans"),
    path("rooms/<str:name>/unban", endpoint(POST=ban_views.lift_ban, scope=Scope.MANAGE), name="unban"),
    path("rooms/<str:name>/appoint", endpoint(POST=room_views.appoint_member, scope=Scope.MANAGE), name="appoint"),
    path("rooms/<str:name>/rename", endpoint(POST=room_views.rename_room, scope=Scope.MANAGE), name="rename"),
    path("rooms/<str:name>/kind", endpoint(POST=room_views.change_room_kind, scope=Scope.MANAGE), name="kind"),
    path(
        "rooms/<str:name>/permissions",
        endpoint(POST=room_views.set_permissions, scope=Scope.MANAGE),
        name="permissions",
    ),
    path("rooms/<str:name>/files_days", endpoint(POST=room_views.keep_files, scope=Scope.MANAGE), name="files_days"),
    path("rooms/<str:name>/close", endpoint(POST=room_views.archive_room, scope=Scope.MANAGE), name="close"),
    path("rooms/<str:name>/reopen", endpoint(POST=room_views.unarchive_room, scope=Scope.MANAGE), name="reopen"),
    path("rooms/<str:name>/delete", endpoint(POST=room_views.delete_room, scope=Scope.MANAGE), name="delete"),
    path("rooms/<str:name>/restore", endpoint(POST=room_views.restore_room, scope=Scope.MANAGE), name="restore"),
    path("deleted-rooms", endpoint(GET=room_views.list_deleted_rooms), name="deleted_rooms"),
    path("rooms/<str:name>/star", endpoint(POST=room_views.star_room, scope=Scope.MANAGE), name="star"),
    path("rooms/<str:name>/unstar", endpoint(POST=room_views.unstar_room, scope=Scope.MANAGE), name="unstar"),
    path("rooms/<str:name>/level", endpoint(POST=room_views.set_level, scope=Scope.MANAGE), name="level"),
    path("rooms/<str:name>/mute", endpoint(POST=room_views.mute_room, scope=Scope.MANAGE), name="mute"),
    path("rooms/<str:name>/unmute", endpoint(POST=room_views.unmute_room, scope=Scope.MANAGE), name="unmute"),
    path("order", endpoint(POST=room_views.arrange_rooms, scope=Scope.MANAGE), name="order"),
    path("rooms/<str:name>/leave", endpoint(POST=room_views.leave_room, scope=Scope.MANAGE), name="leave"),
    re_path(r"", unknown_address),
]
