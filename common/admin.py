"""Tables in the admin that the program writes, and staff only look at."""

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
