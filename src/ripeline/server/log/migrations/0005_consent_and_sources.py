"""Who agreed to what, what sources demand, and what came of each."""

from django.db import migrations, models

import ripeline.server.log.models
from ripeline.server.log.tables import CreateNarrow

# What sources sent before: the newest of the log, by source. What people did here (source 0) came of none.
SEEN = """
INSERT INTO seen (source, events, first_at, last_at, lag, seq)
SELECT told.source, told.events, told.first_at, event.received_at, event.received_at - event.occurred_at, event.seq
FROM (
  SELECT source, count(*) AS events, min(received_at) AS first_at, max(seq) AS seq
  FROM event WHERE source > 0 AND kind NOT IN ('act', 'notice') GROUP BY source
) AS told JOIN event ON event.seq = told.seq;
"""

REFUSED = """
INSERT INTO refused_day (day, source, reason, kept, count)
SELECT received_at / 86400000000, source, reason, TRUE, count(*) FROM refused GROUP BY 1, 2, 3;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('log', '0004_accounts'),
    ]

    operations = [
        CreateNarrow(
            name='Arrival',
            fields=[
                ('pk', models.CompositePrimaryKey('source', 'minute', blank=True, editable=False, primary_key=True, serialize=False)),
                ('source', models.IntegerField()),
                ('minute', models.BigIntegerField()),
                ('events', models.BigIntegerField()),
            ],
            options={
                'db_table': 'arrival',
            },
        ),
        migrations.CreateModel(
            name='Seen',
            fields=[
                ('source', ripeline.server.log.models.RowId()),
                ('events', models.BigIntegerField()),
                ('first_at', models.BigIntegerField()),
                ('last_at', models.BigIntegerField()),
                ('lag', models.BigIntegerField()),
                ('seq', models.BigIntegerField()),
            ],
            options={
                'db_table': 'seen',
            },
        ),
        CreateNarrow(
            name="RefusedDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day", "source", "reason", "kept", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.IntegerField()),
                ("source", models.IntegerField()),
                ("reason", models.TextField()),
                ("kept", models.BooleanField()),
                ("count", models.BigIntegerField()),
            ],
            options={
                "db_table": "refused_day",
            },
        ),
        migrations.AddField(
            model_name='key',
            name='given',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='key',
            name='purposes',
            field=models.TextField(default='[]'),
        ),
        migrations.AddField(
            model_name='key',
            name='signals',
            field=models.BooleanField(default=False),
        ),
        CreateNarrow(
            name='Consent',
            fields=[
                ('pk', models.CompositePrimaryKey('identity', 'purpose', 'slot', 'given', 'source', blank=True, editable=False, primary_key=True, serialize=False)),
                ('identity', models.BigIntegerField()),
                ('purpose', models.TextField()),
                ('slot', models.BigIntegerField()),
                ('given', models.BooleanField()),
                ('source', models.IntegerField()),
                ('first_at', models.BigIntegerField()),
                ('last_at', models.BigIntegerField()),
                ('stated', models.BooleanField()),
                ('title', models.TextField()),
                ('wording', models.TextField()),
            ],
            options={
                'db_table': 'consent',
                'indexes': [models.Index(condition=models.Q(('purpose', '*')), fields=['identity'], name='consent_to_nothing')],
            },
        ),
        migrations.RunSQL(REFUSED, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(SEEN, reverse_sql=migrations.RunSQL.noop),
    ]
