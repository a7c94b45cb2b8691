from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0030_audiences'),
    ]

    operations = [
        migrations.AddField(
            model_name='notificationsettings',
            name='reactions',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
