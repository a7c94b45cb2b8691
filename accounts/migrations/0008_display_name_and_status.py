from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_user_time_zone")]

    operations = [
        migrations.AddField(
            "user",
            "display_name",
            models.CharField(blank=True, db_default="", default="", max_length=50, verbose_name="display name"),
        ),
        migrations.AddField("user", "status_emoji", models.CharField(blank=True, db_default="", default="", max_length=32)),
        migrations.AddField("user", "status_until", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "user",
            "availability",
            models.CharField(
                blank=True,
                choices=[("", "Available"), ("away", "Away"), ("dnd", "Do not disturb")],
                db_default="",
                default="",
                max_length=4,
            ),
        ),
    ]
