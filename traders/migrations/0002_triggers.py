"""The history of a company and the papers of a claim only grow."""

from django.db import migrations

from lib.triggers import append_only

class Migration(migrations.Migration):
    dependencies = [("traders", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        append_only("traders_companyevent"),
        append_only("traders_claimpaper"),
    ]
