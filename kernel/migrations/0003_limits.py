from django.db import migrations

TABLE = """
CREATE TABLE kernel_limits (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
)
"""


class Migration(migrations.Migration):
    """Counters of sign-in limits while Redis does not answer (`django.core.cache.backends.db`)."""

    dependencies = [("kernel", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            [TABLE, "CREATE INDEX kernel_limits_expires ON kernel_limits (expires)"],
            reverse_sql="DROP TABLE kernel_limits",
        )
    ]
