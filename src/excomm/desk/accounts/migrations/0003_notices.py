"""How somebody wants to be told by mail that something waits."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row for each person who said so."""

    dependencies = [("people", "0002_lines_stay")]  # noqa: RUF012 - Django's own form
    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="Notices",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True)),
                ("how", models.CharField(max_length=10)),
                ("hour", models.PositiveSmallIntegerField(default=6)),
                ("told", models.JSONField(default=dict)),
                ("sent", models.DateTimeField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        )
    ]
