import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0038_posting_limits'),
    ]

    operations = [
        migrations.AddField(
            model_name='room',
            name='block_version',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.CreateModel(
            name='BlockList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('server', models.BooleanField(null=True, unique=True)),
                ('phrases', models.JSONField(default=list)),
                ('hosts', models.JSONField(default=list)),
                ('version', models.PositiveIntegerField(default=0)),
                ('room', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.room')),
            ],
        ),
    ]
