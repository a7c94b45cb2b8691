from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0015_notifications")]

    operations = [
        migrations.AddField(
            "contactsettings",
            "show_local_time",
            models.BooleanField(
                db_default=False, default=False, verbose_name="Show others on my profile what time it is where I am"
            ),
        ),
    ]
