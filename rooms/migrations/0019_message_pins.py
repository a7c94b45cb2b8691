import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("rooms", "0018_own_emoji"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # They may be null, so that no database need write the whole table anew.
        migrations.AddField("message", "pinned", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "message",
            "pinned_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("pinned__isnull", False)), fields=["room", "pinned"], name="message_pinned"
            ),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                condition=models.Q(("pinned_by__isnull", False)), fields=["pinned_by"], name="message_pinned_by"
            ),
        ),
    ]
