import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bot", "0010_feedback_by_time"), ("rooms", "0013_message_earlier_answers")]

    operations = [
        migrations.AddField(
            "run",
            "reads",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="rooms.room"
            ),
        ),
    ]
