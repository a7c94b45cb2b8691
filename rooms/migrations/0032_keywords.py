from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rooms', '0031_reactions_wanted'),
    ]

    operations = [
        migrations.AddField(
            model_name='notificationsettings',
            name='keywords',
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name='membership',
            name='hears_words',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('mention', 'mention'), ('reply', 'reply'), ('reaction', 'reaction'), ('answer', 'bot reply'), ('direct', 'direct message'), ('here', 'call to those who are here'), ('room', 'call to the room'), ('group', 'call to a group'), ('keyword', 'one of your words'), ('message', 'message')], max_length=8),
        ),
        migrations.AddIndex(
            model_name='membership',
            index=models.Index(condition=models.Q(('hears_words', True)), fields=['room'], name='membership_hears_words'),
        ),
    ]
