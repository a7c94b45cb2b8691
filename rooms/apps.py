from django.apps import AppConfig


class RoomsConfig(AppConfig):
    name = "rooms"

    def ready(self):
        from accounts.sessions import access_ended

        from . import publish

        def close_sockets(user_id: int, digest: str | None, **kwargs):
            publish.signed_out(user_id, digest)

        access_ended.connect(close_sockets, weak=False, dispatch_uid="close sockets")
