"""Group calls make accounts and members of them; those of before are taken in by the worker, a part at a time."""

from django.db import migrations, models

import ripeline.server.log.models

CATCH_UP = """
INSERT OR IGNORE INTO due (due_at, kind, "key", body, attempts)
SELECT 0, 'accounts', 'log', '0', 0 FROM event LIMIT 1
"""


class Migration(migrations.Migration):
    dependencies = [("log", "0003_facts_in_one_form")]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", ripeline.server.log.models.RowId()),
                ("key", models.TextField(unique=True)),
                ("name", models.TextField(default="")),
                ("domain", models.TextField(default="")),
                ("sought", models.TextField(default="")),
                ("facts", models.BinaryField(default=b"{}")),
            ],
            options={
                "db_table": "account",
                "indexes": [models.Index(fields=["domain"], name="account_of_domain")],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("pk", models.CompositePrimaryKey("identity", "at", "mark", blank=True, editable=False, primary_key=True, serialize=False)),
                ("identity", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("mark", models.TextField()),
                ("account", models.BigIntegerField()),
            ],
            options={"db_table": "member"},
        ),
        migrations.AddField("lead", "account", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "lead",
            models.Index(condition=models.Q(("account__isnull", False)), fields=["account"], name="lead_of_account"),
        ),
        migrations.RunSQL(CATCH_UP, reverse_sql=migrations.RunSQL.noop),
    ]
