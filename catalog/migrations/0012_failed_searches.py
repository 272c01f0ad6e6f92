from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0011_search_by_category'),
    ]

    operations = [
        migrations.CreateModel(
            name='FailedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=60, unique=True, verbose_name='search')),
                ('count', models.PositiveIntegerField(verbose_name='how often')),
                ('last_at', models.DateTimeField(verbose_name='last time')),
            ],
            options={
                'verbose_name': 'search without results',
                'verbose_name_plural': 'searches without results',
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gte', 1)), name='catalog_failedsearch_counted', violation_error_message='A search that is listed was made at least once.')],
            },
        ),
    ]
