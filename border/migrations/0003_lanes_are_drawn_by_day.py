"""The random share of travellers is drawn by the seed of a day. Earlier lanes keep the seed that drew them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("border", "0002_triggers")]

    operations = [
        migrations.RemoveConstraint(model_name="travellane", name="travel_lane_has_seed"),
        migrations.AlterField(
            model_name="travellane",
            name="seed",
            field=models.CharField(blank=True, max_length=64, verbose_name="seed of the random share"),
        ),
        migrations.AddField(
            model_name="travellane",
            name="drawn_on",
            field=models.DateField(null=True, verbose_name="day of the draw"),
        ),
        migrations.AddConstraint(
            model_name="travellane",
            constraint=models.CheckConstraint(
                condition=Q(drawn_on__isnull=False, seed="") | Q(drawn_on__isnull=True) & ~Q(seed=""),
                name="travel_lane_drawn_once",
            ),
        ),
        migrations.AddIndex(
            model_name="travellane", index=models.Index(fields=["drawn_on"], name="travel_lane_drawn")
        ),
    ]
