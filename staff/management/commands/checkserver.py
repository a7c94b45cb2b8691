"""manage.py checkserver: say what is wrong with the server, as the pages of staff do."""

from django.core.management.base import BaseCommand, CommandError

from staff.problems import find_now


class Command(BaseCommand):
    help = "Prints what is wrong with this server, and what to do about it. Ends with an error when there is something."

    def handle(self, *args, **options):
        found = find_now()
        for each in found:
            self.stdout.write(f"{each.sentence} {each.advice}")
        if found:
            raise CommandError(f"Something should be done: {len(found)}.")
        self.stdout.write("All is well.")
