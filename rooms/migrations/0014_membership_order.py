from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0013_message_earlier_answers")]

    operations = [
        migrations.AddField("membership", "starred", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("membership", "position", models.PositiveSmallIntegerField(default=0, db_default=0)),
    ]
