
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0014_category_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='variant',
            name='weight_g',
            field=models.PositiveIntegerField(blank=True, help_text='With packaging. For delivery methods that count it.', null=True, validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='weight, g'),
        ),
    ]
