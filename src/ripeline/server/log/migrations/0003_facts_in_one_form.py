"""The same facts mean more: leads are folded again, and addresses are known by the form in which they are read now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from ripeline.events.mail_address import mail_address

# As after a publish `from now on`: what is due next.
FOLD_AGAIN = """
INSERT OR IGNORE INTO due (due_at, kind, "key", body, attempts)
SELECT 0, 'refold', 'leads', '{"version":' || number || ',"replay":false}', 0
FROM version ORDER BY number DESC LIMIT 1
"""


def in_one_form(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Domains whose letters were coded are spelled out, unless somebody has the address in that form already."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, value FROM identity WHERE kind = 'email' AND value LIKE '%%xn--%%'")
        for id, value in cursor.fetchall():
            address = mail_address(value)
            if address is not None:
                cursor.execute("UPDATE OR IGNORE identity SET value = %s WHERE id = %s", [address, id])


class Migration(migrations.Migration):
    dependencies = [("log", "0002_changes_are_numbered")]

    operations = [
        migrations.RunPython(in_one_form, migrations.RunPython.noop),
        migrations.RunSQL(FOLD_AGAIN, reverse_sql=migrations.RunSQL.noop),
    ]
