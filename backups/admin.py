from django.contrib import admin

from common.admin import ReadOnly

from .models import Backup


@admin.register(Backup)
class BackupAdmin(ReadOnly):
    """Shows what was made when, and what has failed. Backups are made by a command or by the schedule."""

    list_display = ["__str__", "started", "finished", "size", "files", "missing", "regular", "error"]
    list_filter = ["regular"]
    fields = ["file", "started", "finished", "regular", "size", "rows", "files", "missing", "error"]
    date_hierarchy = "started"
