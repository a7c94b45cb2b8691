from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0011_room_archived")]

    operations = [
        migrations.AddField("message", "note_data", models.JSONField(blank=True, null=True)),
    ]
