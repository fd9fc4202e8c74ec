"""Every change of an everyday word is kept, with who made it."""

from django.db import migrations

from lib.triggers import keeps_history

class Migration(migrations.Migration):
    dependencies = [("tariff_lookup", "0001_initial"), ("accounts", "0002_triggers")]

    operations = [
        keeps_history("tariff_lookup_synonym"),
    ]
