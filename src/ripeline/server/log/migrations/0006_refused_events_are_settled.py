"""A refused event says what became of it, and many can be replayed or discarded in parts."""

from django.db import migrations, models

import ripeline.server.log.models


class Migration(migrations.Migration):
    dependencies = [("log", "0005_consent_and_sources")]

    operations = [
        migrations.AddField("refused", "sent_at", models.BigIntegerField(null=True)),
        migrations.AddField("refused", "settled_as", models.TextField(default="")),
        migrations.AddField("refused", "settled_at", models.BigIntegerField(null=True)),
        migrations.AddField("refused", "settled_by", models.TextField(default="")),
        migrations.AddField("refused", "stored", models.IntegerField(default=0)),
        migrations.AddField("refused", "seq", models.BigIntegerField(null=True)),
        migrations.AddField("refused", "message_id", models.TextField(default="")),
        migrations.AddIndex(
            "refused",
            models.Index(fields=["settled_as", "reason", "source", "received_at"], name="refused_counted"),
        ),
        migrations.AddIndex("refused", models.Index(fields=["settled_as", "received_at"], name="refused_listed")),
        migrations.CreateModel(
            name="Resumption",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("act", models.TextField()),
                ("by", models.TextField()),
                ("asked_at", models.BigIntegerField()),
                ("source", models.IntegerField(null=True)),
                ("reason", models.TextField(default="")),
                ("since", models.BigIntegerField(null=True)),
                ("until", models.BigIntegerField(null=True)),
                ("last", models.BigIntegerField()),
                ("total", models.BigIntegerField()),
                ("reached", models.BigIntegerField(default=0)),
                ("settled", models.BigIntegerField(default=0)),
                ("refused", models.BigIntegerField(default=0)),
                ("done_at", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "resumption"},
        ),
    ]
