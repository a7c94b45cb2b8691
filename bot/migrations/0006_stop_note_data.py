from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bot", "0005_window_begin")]

    operations = [
        migrations.AddField("run", "stop_note_data", models.JSONField(blank=True, null=True)),
    ]
