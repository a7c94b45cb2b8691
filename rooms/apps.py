from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RoomsConfig(AppConfig):
    name = "rooms"

    def ready(self):
        from accounts.sessions import access_ended

        from . import publish, search_index

        def close_sockets(user_id: int, digest: str | None, **kwargs):
            publish.signed_out(user_id, digest)

        access_ended.connect(close_sockets, weak=False, dispatch_uid="close sockets")

        def make_search_index(using: str, **kwargs):
            search_index.make_index(using)

        post_migrate.connect(make_search_index, sender=self, weak=False, dispatch_uid="search index")
