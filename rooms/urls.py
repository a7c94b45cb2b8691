"""The addresses of the pages, and of the API beside them."""

from django.urls import path

from . import about, contacts, finding, invited, my_data, views

urlpatterns = [
    path("", views.index, name="index"),
    path("chat/", views.room_list, name="rooms"),
    path("chat/<str:name>/", views.room, name="room"),
    path("chat/<str:name>/about/", about.about, name="about"),
    path("chat/invite/<str:secret>/", invited.invited, name="invited"),
    path("search/", finding.find, name="search"),
    path("dm/", views.find_talk, name="find_talk"),
    path("dm/<str:username>/", views.talk, name="talk"),
    path("dm/<str:username>/about/", contacts.about_person, name="about_person"),
    path("privacy/", contacts.privacy, name="privacy"),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/download/", my_data.download, name="download_my_data"),
    path("my-data/delete/", my_data.delete_account, name="delete_account"),
    path("invitations/", contacts.invitations, name="invitations"),
    path("invitations/<int:invitation_id>/", contacts.answer, name="answer_invitation"),
]
