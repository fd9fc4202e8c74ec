"""A mark is written once: only the counts beside it are made anew."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER oversight_mark_append_only BEFORE UPDATE OR DELETE ON oversight_mark "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change();",
            "DROP TRIGGER oversight_mark_append_only ON oversight_mark;",
        )
    ]
