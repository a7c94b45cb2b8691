import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def add_last_unread_mentions(apps, _schema_editor):
    """Of what is unread in each room, the last message that names its reader: that is what the rooms have known."""
    membership, notification = apps.get_model("rooms", "Membership"), apps.get_model("rooms", "Notification")
    message = apps.get_model("rooms", "Message")
    places = membership.objects.filter(mention_seq__gt=models.F("read_seq"), banned=False, user__is_bot=False)
    of_room = message.objects.filter(room=models.OuterRef("room"), first_seq=models.OuterRef("mention_seq"))
    found = places.exclude(room__kind="direct").annotate(
        message_id=models.Subquery(of_room.values("pk")[:1]),
        sender_id=models.Subquery(of_room.values("sender")[:1]),
        said=models.Subquery(of_room.values("created")[:1]),
    )
    rows = (
        notification(user_id=place.user_id, room_id=place.room_id, message_id=place.message_id, kind="mention",
                     actor_id=place.sender_id, seq=place.mention_seq, created=place.said)
        for place in found.exclude(message_id=None).order_by("pk").iterator()
    )  # fmt: skip
    notification.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ('rooms', '0014_membership_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mention', 'mention'), ('reply', 'reply'), ('reaction', 'reaction'), ('answer', 'bot reply')], max_length=8)),
                ('seq', models.BigIntegerField()),
                ('created', models.DateTimeField(default=django.utils.timezone.now)),
                ('read', models.DateTimeField(blank=True, null=True)),
                ('done', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.message')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='rooms.room')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'created'], name='notification_in_order'), models.Index(condition=models.Q(('done', None), ('read', None)), fields=['user', 'room', 'seq'], name='notification_unread')],
                'constraints': [models.UniqueConstraint(fields=('user', 'message', 'kind'), name='one_notification_a_cause')],
            },
        ),
        migrations.RunPython(add_last_unread_mentions, migrations.RunPython.noop, elidable=True),
    ]
