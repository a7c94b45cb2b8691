from django.contrib import admin

from common.admin import ReadOnly

from .models import Backup


@admin.register(Backup)
class BackupAdmin(ReadOnly):
    """Lists backups, including failed ones. They are started elsewhere: by the command, the schedule or staff."""

    list_display = ["__str__", "started", "finished", "size", "files", "missing", "regular", "error"]
    list_filter = ["regular"]
    fields = ["file", "started", "finished", "regular", "size", "rows", "files", "missing", "error"]
    date_hierarchy = "started"
