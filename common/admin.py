"""Base classes for tables in the admin that only the program writes."""

from django.contrib import admin


class WrittenByProgram(admin.ModelAdmin):
    """Rows that staff may delete, but neither add nor change."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ReadOnly(WrittenByProgram):
    def has_delete_permission(self, request, obj=None):
        return False
