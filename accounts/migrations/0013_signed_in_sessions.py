"""Sessions get rows that say whose they are: those that exist already, too, so that all of somebody's can be ended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

BATCH_SIZE = 500


def add_rows(apps, schema_editor):
    from accounts.security.authentication import session_user_id
    from accounts.security.session_store import SessionStore

    Session, Row = apps.get_model("sessions", "Session"), apps.get_model("accounts", "SignedInSession")
    people = set(apps.get_model("accounts", "User").objects.values_list("pk", flat=True))
    now, store, rows = timezone.now(), SessionStore(), []
    live = Session.objects.filter(expire_date__gt=now).values_list("session_key", "session_data")
    for key, data in live.iterator(BATCH_SIZE):
        if (user_id := session_user_id(store.decode(data))) in people:
            rows.append(Row(session_key=key, user_id=user_id, last_used=now))
    Row.objects.bulk_create(rows, BATCH_SIZE, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_server_roles"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedInSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(editable=False, max_length=40, unique=True)),
                ("agent", models.CharField(blank=True, editable=False, max_length=200)),
                ("network", models.CharField(blank=True, editable=False, max_length=40)),
                ("created", models.DateTimeField(editable=False, null=True)),
                ("last_used", models.DateTimeField(editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunPython(add_rows, migrations.RunPython.noop),
    ]
