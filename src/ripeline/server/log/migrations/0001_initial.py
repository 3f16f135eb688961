"""The log's tables."""

from django.db import migrations, models

import ripeline.server.log.models
from ripeline.server.log.tables import CreateNarrow


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        CreateNarrow(
            name="Assignment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "definition", "stage", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("definition", models.IntegerField()),
                ("stage", models.TextField()),
                ("last_rep", models.TextField(default="")),
                ("given", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "assignment",
            },
        ),
        CreateNarrow(
            name="Chain",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lead", "head", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("lead", models.BigIntegerField()),
                ("head", models.BigIntegerField()),
            ],
            options={
                "db_table": "chain",
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("state", ripeline.server.log.models.RowId()),
                ("folds", models.BinaryField()),
            ],
            options={
                "db_table": "checkpoint",
            },
        ),
        migrations.CreateModel(
            name="Definition",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("key", models.TextField(unique=True)),
            ],
            options={
                "db_table": "definition",
            },
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("email", models.BigIntegerField(unique=True)),
                ("noticed_at", models.BigIntegerField()),
                ("settled_at", models.BigIntegerField(null=True)),
                ("settled_by", models.TextField(default="")),
            ],
            options={
                "db_table": "doubt",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", ripeline.server.log.models.RowId()),
                ("identity", models.BigIntegerField()),
                ("anonymous", models.BigIntegerField(null=True)),
                ("lead", models.BigIntegerField()),
                ("prev", models.BigIntegerField(null=True)),
                ("occurred_at", models.BigIntegerField()),
                ("received_at", models.BigIntegerField()),
                ("source", models.IntegerField()),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("message_id", models.TextField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "event",
            },
        ),
        CreateNarrow(
            name="Holder",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "email", "strong", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("email", models.BigIntegerField()),
                ("strong", models.BigIntegerField()),
                ("stated_at", models.BigIntegerField()),
                ("mark", models.TextField()),
            ],
            options={
                "db_table": "holder",
            },
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("kind", models.TextField()),
                ("name", models.TextField()),
                ("hash", models.BinaryField(max_length=32, unique=True)),
                ("hint", models.TextField()),
                ("created_at", models.BigIntegerField()),
                ("revoked_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "key",
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("created_at", models.BigIntegerField()),
                ("merged_into", models.BigIntegerField(null=True)),
                ("name", models.TextField(default="")),
                ("title", models.TextField(default="")),
                ("company", models.TextField(default="")),
                ("email", models.TextField(default="")),
                ("phone", models.TextField(default="")),
                ("sought", models.TextField(default="")),
                ("facts", models.BinaryField(default=b"{}")),
            ],
            options={
                "db_table": "lead",
            },
        ),
        CreateNarrow(
            name="Message",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source", models.IntegerField()),
                ("id", models.BinaryField(max_length=16)),
            ],
            options={
                "db_table": "message",
            },
        ),
        CreateNarrow(
            name="Offer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lead", "definition", "cycle", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("lead", models.BigIntegerField()),
                ("definition", models.IntegerField()),
                ("cycle", models.IntegerField()),
                ("crossed_at", models.BigIntegerField()),
                ("offered_at", models.BigIntegerField()),
                ("event", models.TextField(default="")),
            ],
            options={
                "db_table": "offer",
            },
        ),
        migrations.CreateModel(
            name="Refused",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("source", models.IntegerField()),
                ("kind", models.TextField(null=True)),
                ("reason", models.TextField()),
                ("detail", models.TextField()),
                ("received_at", models.BigIntegerField()),
                ("body", models.BinaryField()),
            ],
            options={
                "db_table": "refused",
            },
        ),
        migrations.CreateModel(
            name="Rep",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("email", models.TextField()),
                ("takes_leads", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "rep",
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("name", models.TextField(unique=True)),
            ],
            options={
                "db_table": "source",
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("number", ripeline.server.log.models.RowId()),
                ("definition", models.IntegerField()),
                ("title", models.TextField()),
                ("fingerprint", models.TextField()),
                ("text", models.TextField()),
                ("signatures", models.TextField()),
                ("mode", models.TextField()),
                ("published_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "version",
            },
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("seq", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("act", models.TextField()),
                ("at", models.BigIntegerField()),
                ("by", models.TextField()),
                ("reason", models.TextField(default="")),
                ("note", models.TextField(default="")),
                ("amount", models.FloatField(null=True)),
                ("currency", models.TextField(default="")),
                ("undone", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "act",
                "indexes": [models.Index(fields=["lead"], name="act_of_lead")],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("definition", models.IntegerField()),
                ("cycle", models.IntegerField()),
                ("stage", models.TextField()),
                ("assignment", models.IntegerField()),
                ("rep", models.TextField(default="")),
                ("started_at", models.BigIntegerField()),
                ("due_at", models.BigIntegerField()),
                ("stopped_at", models.BigIntegerField(null=True)),
                ("stopped_as", models.TextField(default="")),
                ("breached_at", models.BigIntegerField(null=True)),
                ("seq", models.BigIntegerField()),
            ],
            options={
                "db_table": "clock",
                "indexes": [
                    models.Index(condition=models.Q(("stopped_at", None)), fields=["due_at"], name="clock_running"),
                    models.Index(fields=["due_at"], name="clock_due"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lead", "definition", "cycle", "stage", "assignment"), name="clock_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("due_at", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("key", models.TextField()),
                ("body", models.TextField(default="")),
            ],
            options={
                "db_table": "due",
                "indexes": [models.Index(fields=["due_at"], name="due_first")],
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="due_once")],
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("lead", models.BigIntegerField()),
            ],
            options={
                "db_table": "identity",
                "indexes": [models.Index(fields=["lead"], name="identity_of_lead")],
                "constraints": [models.UniqueConstraint(fields=("kind", "value"), name="identity_once")],
            },
        ),
        CreateNarrow(
            name="Interval",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "identity", "from_at", "mark", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("identity", models.BigIntegerField()),
                ("from_at", models.BigIntegerField()),
                ("mark", models.TextField()),
                ("anchor", models.BigIntegerField()),
            ],
            options={
                "db_table": "interval",
                "indexes": [models.Index(fields=["anchor"], name="interval_of_anchor")],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("survivor", models.BigIntegerField()),
                ("kept", models.BigIntegerField()),
                ("transition", models.BigIntegerField()),
                ("merged_at", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
            ],
            options={
                "db_table": "merge",
                "indexes": [models.Index(fields=["survivor"], name="merge_of_survivor")],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("seq", models.BigIntegerField()),
                ("recipient", models.TextField()),
                ("subject", models.TextField()),
                ("body", models.TextField()),
                ("written_at", models.BigIntegerField()),
                ("due_at", models.BigIntegerField()),
                ("claimed_at", models.BigIntegerField(null=True)),
                ("attempts", models.IntegerField(default=0)),
                ("settled_at", models.BigIntegerField(null=True)),
                ("outcome", models.TextField(default="")),
                ("detail", models.TextField(default="")),
            ],
            options={
                "db_table": "outbox",
                "indexes": [
                    models.Index(condition=models.Q(("outcome", "")), fields=["due_at"], name="outbox_waiting")
                ],
            },
        ),
        migrations.CreateModel(
            name="State",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("definition", models.IntegerField()),
                ("cycle", models.IntegerField()),
                ("model", models.IntegerField()),
                ("version", models.IntegerField()),
                ("stage", models.TextField()),
                ("owner", models.TextField(default="")),
                ("reachable", models.BooleanField(default=False)),
                ("excluded", models.BooleanField(default=False)),
                ("qualifies", models.BooleanField(default=False)),
                ("crossed_at", models.BigIntegerField(null=True)),
                ("qualified_at", models.BigIntegerField(null=True)),
                ("total", models.FloatField()),
                ("sub_scores", models.BinaryField(default=b"[]")),
                ("grade", models.TextField(default="")),
                ("scored_at", models.BigIntegerField()),
                ("newest_at", models.BigIntegerField()),
                ("head", models.BigIntegerField(null=True)),
                ("fold", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "state",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage__in", ["mql", "sal", "sql", "opportunity"])),
                        fields=["stage"],
                        name="state_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("lead", "definition", "model", "cycle"), name="state_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("definition", models.IntegerField()),
                ("cycle", models.IntegerField()),
                ("from_stage", models.TextField()),
                ("to_stage", models.TextField()),
                ("crossed_at", models.BigIntegerField()),
                ("moved_at", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("cause", models.TextField()),
                ("event", models.TextField(default="")),
                ("by", models.TextField(default="")),
                ("reason", models.TextField(default="")),
                ("undoes", models.BigIntegerField(null=True)),
                ("seq", models.BigIntegerField()),
            ],
            options={
                "db_table": "transition",
                "indexes": [models.Index(fields=["lead", "definition", "cycle"], name="transition_of_lead")],
            },
        ),
    ]
