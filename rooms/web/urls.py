"""The addresses of the pages, and of the API beside them."""

from django.urls import path
from django.views.generic import RedirectView

from . import (
    contact_views,
    creation_views,
    deletion_views,
    directory_views,
    emoji_views,
    inbox_views,
    invitation_views,
    person_views,
    personal_data_views,
    pin_views,
    room_settings,
    search_views,
    settings_views,
    unread_views,
    views,
)

urlpatterns = [
    path("", views.index, name="index"),
    path("chat/", views.room_list, name="rooms"),
    path("chat/<str:name>/", views.room, name="room"),
    path("chat/<str:name>/about/", room_settings.room_settings, name="about"),
    path("chat/<str:name>/people/", room_settings.room_settings, {"page": "room_people"}, name="room_people"),
    path("chat/<str:name>/pins/", pin_views.pins_page, name="pins"),
    path("chat/invite/<str:secret>/", invitation_views.open_invitation, name="invited"),
    path("new-room/", creation_views.new_room, name="new_room"),
    path("deleted-rooms/", deletion_views.deleted_rooms, name="deleted_rooms"),
    path("search/", search_views.search_page, name="search"),
    path("dm/", views.find_direct_message, name="find_direct_message"),
    path("dm/<str:username>/", views.direct_message, name="direct_message"),
    path("dm/<str:username>/about/", RedirectView.as_view(pattern_name="about_person"), name="about_person_before"),
    path("people/", directory_views.directory, name="directory"),
    path("people/<str:username>/", person_views.about_person, name="about_person"),
    path("settings/", settings_views.look, name="settings"),
    path("settings/welcome/", settings_views.dismiss_welcome, name="dismiss_welcome"),
    path("settings/keys/", settings_views.keys, name="settings_keys"),
    path("settings/notifications/", settings_views.notifications, name="settings_notifications"),
    path("privacy/", contact_views.privacy, name="privacy"),
    path("my-data/", personal_data_views.my_data, name="my_data"),
    path("my-data/download/", personal_data_views.download_my_data, name="download_my_data"),
    path("my-data/delete/", personal_data_views.delete_account, name="delete_account"),
    path("unread/", unread_views.unread_page, name="unread"),
    path("drafts/", unread_views.drafts_page, name="drafts"),
    path("emoji/<str:digest>.webp", emoji_views.own_emoji, name="own_emoji"),
    path("inbox/", inbox_views.inbox_page, name="inbox"),
    path("invitations/", contact_views.invitations, name="invitations"),
    path("invitations/<int:invitation_id>/", contact_views.answer_invitation, name="answer_invitation"),
]
