"""Prints the JSON Schema of the websocket, which docs/protocol.schema.json is."""

import json

from django.core.management.base import BaseCommand

from rooms.kernel.wire import schema


class Command(BaseCommand):
    help = "Print the JSON Schema of what goes through the websocket."
    requires_system_checks = ()

    def handle(self, **_options):
        self.stdout.write(json.dumps(schema(), indent=2, sort_keys=True))
