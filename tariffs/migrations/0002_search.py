import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tariffs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=11, unique=True, verbose_name='code')),
                ('words', django.contrib.postgres.search.SearchVectorField(verbose_name='words')),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
                'ordering': ['code'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='search_entry_words')],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('term', models.CharField(max_length=120, verbose_name='everyday word')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('code', models.CharField(max_length=11, verbose_name='code')),
            ],
            options={
                'verbose_name': 'everyday word',
                'verbose_name_plural': 'everyday words',
                'ordering': ['code', 'language', 'term'],
                'constraints': [models.UniqueConstraint(fields=('term', 'language', 'code'), name='synonym_once'), models.CheckConstraint(condition=models.Q(('code__regex', '^\\d{2,11}$')), name='synonym_code_digits'), models.CheckConstraint(condition=models.Q(('term', ''), _negated=True), name='synonym_not_empty')],
            },
        ),
    ]
