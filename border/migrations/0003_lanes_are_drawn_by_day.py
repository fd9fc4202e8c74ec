"""The random share of travellers is drawn by the seed of a day. Earlier lanes take the day on which they were made."""

from django.db import migrations, models

TABLE = "border_travellane"


class Migration(migrations.Migration):

    dependencies = [("border", "0002_triggers")]

    operations = [
        migrations.RemoveConstraint(model_name="travellane", name="travel_lane_has_seed"),
        migrations.RemoveField(model_name="travellane", name="seed"),
        migrations.AddField(
            model_name="travellane",
            name="drawn_on",
            field=models.DateField(null=True, verbose_name="day of the draw"),
        ),
        migrations.RunSQL(
            f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_append_only;"
            f"UPDATE {TABLE} SET drawn_on = at::date;"
            f"ALTER TABLE {TABLE} ENABLE TRIGGER {TABLE}_append_only;",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="travellane", name="drawn_on", field=models.DateField(verbose_name="day of the draw")
        ),
        migrations.AddIndex(
            model_name="travellane", index=models.Index(fields=["drawn_on"], name="travel_lane_drawn")
        ),
    ]
