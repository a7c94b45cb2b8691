import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def count_earlier_answers(apps, schema_editor):
    """For the messages of runs that were asked again."""
    message = apps.get_model("rooms", "Message")
    asked_again = apps.get_model("bot", "Run").objects.exclude(versions=[]).values_list("message_id", "versions")
    for message_id, versions in asked_again.iterator(chunk_size=500):
        message.objects.filter(pk=message_id, deleted=False).update(earlier_answers=len(versions))


class Migration(migrations.Migration):
    dependencies = [
        ("bot", "0008_profile"),
        ("rooms", "0013_message_earlier_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            "Feedback",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_good", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("given", models.DateTimeField(default=django.utils.timezone.now)),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="feedback",
                                          to="bot.run")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+",
                                           to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "feedback on answers",
                "verbose_name_plural": "feedback on answers",
                "constraints": [models.UniqueConstraint(fields=["run", "user"], name="one_feedback_a_person")],
            },
        ),
        migrations.RunPython(count_earlier_answers, migrations.RunPython.noop, elidable=True),
    ]  # fmt: skip
