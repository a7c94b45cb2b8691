"""Addresses of the API about the whole server, for staff."""

from django.urls import path

from accounts.scopes import Scope

from . import block_list_views, server_invitation_views, timeout_views
from .framework import endpoint

urlpatterns = [
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
    path("server/timeouts", endpoint(GET=timeout_views.list_all, POST=timeout_views.add), name="server_timeouts"),
    path("server/lift_timeout", endpoint(POST=timeout_views.lift_server), name="server_lift_timeout"),
    path(
        "server/block_list",
        endpoint(GET=block_list_views.show_server, POST=block_list_views.change_server),
        name="server_block_list",
    ),
]
