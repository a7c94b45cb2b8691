"""Addresses were kept as they were written, and never found by allauth, which looks for them in lower case."""

from django.db import migrations


def lower_addresses(apps, schema_editor):
    """Of those of one person that become the same, the verified one stays, or else the primary one."""
    Address = apps.get_model("account", "EmailAddress")
    same = {}
    for address in Address.objects.order_by("-verified", "-primary", "pk"):
        same.setdefault((address.user_id, address.email.lower()), []).append(address)
    for (_user_id, email), (kept, *others) in same.items():
        if not others and kept.email == email:
            continue
        primary = any(address.primary for address in (kept, *others))
        Address.objects.filter(pk__in=[address.pk for address in others]).delete()
        # Verified it can be for one person alone.
        taken = Address.objects.filter(email=email, verified=True).exclude(pk=kept.pk).exists()
        Address.objects.filter(pk=kept.pk).update(email=email, primary=primary, verified=kept.verified and not taken)


def lower_people(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    for id, email in User.objects.exclude(email="").values_list("pk", "email"):
        if email != email.lower():
            User.objects.filter(pk=id).update(email=email.lower())


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(lower_addresses, migrations.RunPython.noop),
        migrations.RunPython(lower_people, migrations.RunPython.noop),
    ]
