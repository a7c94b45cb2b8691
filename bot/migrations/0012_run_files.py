from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bot", "0011_run_reads")]

    operations = [migrations.AddField("run", "files", models.JSONField(blank=True, null=True))]
