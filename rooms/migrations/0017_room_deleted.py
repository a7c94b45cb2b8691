from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("rooms", "0016_show_local_time")]

    operations = [
        migrations.AddField(
            "room", "deleted", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="deleted")
        ),
        migrations.AddIndex(
            "room", models.Index(condition=Q(deleted__isnull=False), fields=["deleted"], name="room_deleted")
        ),
    ]
