from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save
from django.urls import reverse


class RoomsConfig(AppConfig):
    name = "rooms"

    def ready(self):
        from accounts.models import User
        from accounts.security.access_revocation import access_ended
        from accounts.sso.invitations import NotInvited, invitation_followed
        from accounts.token_places import rooms_wanted

        from .kernel.errors import ChatError
        from .models import Room
        from .publishing import events
        from .search import message_index, name_index
        from .services import profiles, server_invitations, token_rooms

        def close_sockets(user_id: int, digest: str | None, **kwargs):
            events.signed_out(user_id, digest)

        access_ended.connect(close_sockets, weak=False, dispatch_uid="close sockets")

        def use_invitation(user: User, secret: str, **kwargs) -> str:
            try:
                joined = server_invitations.use(user, secret, new_account=True)
            except ChatError as error:
                raise NotInvited(error.message, error.status) from None
            return reverse("room", args=[joined[0].name]) if joined else reverse("rooms")

        invitation_followed.connect(use_invitation, weak=False, dispatch_uid="use invitations")

        def name_rooms(user: User, **kwargs):
            return token_rooms.choices_of(user)

        rooms_wanted.connect(name_rooms, weak=False, dispatch_uid="rooms of tokens")

        def make_search_index(using: str, **kwargs):
            message_index.build_index(using)

        post_migrate.connect(make_search_index, sender=self, weak=False, dispatch_uid="search index")

        def make_name_keys(using: str, **kwargs):
            name_index.index_all(using)

        post_migrate.connect(make_name_keys, sender=self, weak=False, dispatch_uid="name keys")

        def index_name(instance, update_fields, raw, **kwargs):
            is_room = isinstance(instance, Room)
            names, index = ({"title"}, name_index.index_room) if is_room else ({"username", "display_name"}, index_user)
            if not raw and (update_fields is None or names & set(update_fields)):
                index(instance)

        index_user = name_index.index_user
        for model in (Room, User):
            post_save.connect(index_name, sender=model, weak=False, dispatch_uid=f"name keys of {model.__name__}")

        def show_profile(instance, update_fields, created, raw, **kwargs):
            if update_fields and "is_staff" in update_fields:  # always: rights end at once
                events.person_changed(instance, [])
            elif not (created or raw) and (update_fields is None or profiles.SHOWN & set(update_fields)):
                profiles.publish(instance)

        post_save.connect(show_profile, sender=User, weak=False, dispatch_uid="show profiles")
