from django.db import migrations

from accounts.plain_text import BIDI_CONTROLS


def remove_bidi_controls(apps, schema_editor):
    """From what stands beside other words, where no form takes them any more."""
    for model, field in (("User", "status"), ("Token", "name")):
        rows = apps.get_model("accounts", model).objects
        for id, text in rows.exclude(**{field: ""}).values_list("pk", field).iterator():
            if BIDI_CONTROLS.search(text):
                rows.filter(pk=id).update(**{field: BIDI_CONTROLS.sub("", text)})


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_token_scopes"),
    ]

    operations = [
        migrations.RunPython(remove_bidi_controls, migrations.RunPython.noop),
    ]
