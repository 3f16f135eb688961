"""What is decided carries the number of its last change, by which the lake follows; a due row knows how often it failed."""

from django.db import migrations, models

import ripeline.server.log.models

# The lake has followed the numbers of events so far: beginning above them, everything decided follows once more.
NUMBER = """
INSERT INTO changed (id, change) SELECT 1, coalesce(max(seq), 0) + 1 FROM event;
UPDATE act SET change = (SELECT change FROM changed);
UPDATE clock SET change = (SELECT change FROM changed);
UPDATE transition SET change = (SELECT change FROM changed);
"""


def numbered(model: str) -> migrations.AddField:
    return migrations.AddField(model, "change", models.BigIntegerField(default=0), preserve_default=False)


class Migration(migrations.Migration):
    dependencies = [("log", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Changed",
            fields=[("id", ripeline.server.log.models.RowId()), ("change", models.BigIntegerField())],
            options={"db_table": "changed"},
        ),
        migrations.CreateModel(
            name="DroppedClock",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("lead", models.BigIntegerField()),
                ("change", models.BigIntegerField()),
            ],
            options={
                "db_table": "dropped_clock",
                "indexes": [models.Index(fields=["change"], name="clock_dropped")],
            },
        ),
        numbered("act"),
        numbered("clock"),
        numbered("transition"),
        migrations.AddField("due", "attempts", models.IntegerField(default=0)),
        migrations.AddField("due", "was_due_at", models.BigIntegerField(null=True)),
        migrations.RunSQL(NUMBER, reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex("act", models.Index(fields=["change"], name="act_changed")),
        migrations.AddIndex("clock", models.Index(fields=["change"], name="clock_changed")),
        migrations.AddIndex("transition", models.Index(fields=["change"], name="transition_changed")),
    ]
