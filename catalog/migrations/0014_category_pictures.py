import catalog.models.images
from django.db import migrations, models


class Migration(migrations.Migration):
    """Categories have a description and a picture."""

    dependencies = [
        ('catalog', '0013_properties'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='description'),
        ),
        migrations.AddField(
            model_name='category',
            name='image',
            field=models.CharField(blank=True, db_default='', default='', help_text='A web address, or a path below the media folder.', max_length=500, validators=[catalog.models.images.validate_picture], verbose_name='picture'),
        ),
    ]
