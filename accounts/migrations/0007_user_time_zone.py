from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_reserved_names")]

    operations = [
        migrations.AddField("user", "time_zone", models.CharField(blank=True, db_default="", default="", max_length=64)),
    ]
