"""Renames a field. The column keeps its name, for processes of the version before, so nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0010_message_notice")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("room", "closed", "archived"),
                migrations.AlterField(
                    "room",
                    "archived",
                    models.BooleanField(db_column="closed", db_default=False, default=False, verbose_name="archived"),
                ),
            ]
        )
    ]
