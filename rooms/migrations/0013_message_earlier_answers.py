from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0012_message_note_data")]

    operations = [
        # It may be null, so that SQLite need not write the whole table anew.
        migrations.AddField("message", "earlier_answers", models.PositiveSmallIntegerField(blank=True, null=True)),
    ]
