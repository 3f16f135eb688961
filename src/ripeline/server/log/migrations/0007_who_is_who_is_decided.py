"""What people decide about who is who, and what a merge keeps so that it can be taken back."""

from django.db import migrations, models

import ripeline.server.log.models


class Migration(migrations.Migration):
    dependencies = [("log", "0006_refused_events_are_settled")]

    operations = [
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("seq", ripeline.server.log.models.RowId()),
                ("same", models.BooleanField()),
                ("at", models.BigIntegerField()),
                ("by", models.TextField()),
                ("reason", models.TextField(default="")),
                ("undone", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "ruling"},
        ),
        migrations.CreateModel(
            name="RuledId",
            fields=[
                ("pk", models.CompositePrimaryKey("ruling", "identity", blank=True, editable=False, primary_key=True, serialize=False)),
                ("ruling", models.BigIntegerField()),
                ("side", models.IntegerField()),
                ("identity", models.BigIntegerField()),
            ],
            options={
                "db_table": "ruled_id",
                "indexes": [models.Index(fields=["identity"], name="ruled_id_of_identity")],
            },
        ),
        migrations.AddField("merge", "ruling", models.BigIntegerField(null=True)),
        migrations.AddField("merge", "parted", models.BigIntegerField(null=True)),
        migrations.AddField("merge", "before", models.BinaryField(null=True)),
        migrations.AddIndex(
            "lead", models.Index(condition=models.Q(("phone", ""), _negated=True), fields=["phone"], name="lead_phone")
        ),
    ]
