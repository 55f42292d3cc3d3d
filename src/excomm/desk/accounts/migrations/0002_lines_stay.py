"""The database itself refuses to change or delete a line of the log."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = """
CREATE TRIGGER people_line_{doing} BEFORE {doing} ON people_line
BEGIN SELECT RAISE(ABORT, 'lines of the log are only added'); END
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION people_line_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'lines of the log are only added'; END $$;
CREATE TRIGGER people_line_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON people_line
FOR EACH STATEMENT EXECUTE FUNCTION people_line_stays();
"""


def stay(apps: StateApps, schema: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers there."""
    if schema.connection.vendor == "sqlite":
        for doing in ("UPDATE", "DELETE"):
            schema.execute(_SQLITE.format(doing=doing))
    else:
        schema.execute(_POSTGRESQL)


class Migration(migrations.Migration):
    """Only forward: a log that can be changed is none."""

    dependencies = [("people", "0001_initial")]  # noqa: RUF012 - Django's own form
    operations = [migrations.RunPython(stay)]  # noqa: RUF012
