from django.db import migrations

from customs_portal.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("traders", "0001_initial")]
    operations = [append_only("traders_companyevent")]
