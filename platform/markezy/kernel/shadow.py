"""Copies of tables in a schema of their own: same columns, keys, indexes, triggers, policies and rights, no rows.

A copy can take the original's place, so it has to be like it in everything. What `describe` does not know of would be lost;
it knows of all that PostgreSQL keeps of an ordinary table and Markezy uses, and `build` refuses a copy that differs.
"""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, text

_QUALIFIED = text("SELECT set_config('search_path', '', true)")
"""Lets PostgreSQL write every name with its schema, so that the description does not depend on who asks."""

# Each row is one statement that makes a table what it is, in an order in which they can be run. %I and %L quote.
_DESCRIPTION = text(r"""
WITH subject AS (
    SELECT oid, relname, relowner, relacl, relrowsecurity, relforcerowsecurity,
           format('%I.%I', relnamespace::regnamespace::text, relname) AS name
    FROM pg_class WHERE oid = CAST(:table AS regclass)
)
SELECT statement FROM (
    SELECT 1 AS step, conname::text AS part,
           format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, conname, pg_get_constraintdef(c.oid)) AS statement
    FROM subject JOIN pg_constraint c ON conrelid = subject.oid WHERE contype IN ('p', 'u', 'x')
    UNION ALL
    SELECT 2, conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, conname, pg_get_constraintdef(c.oid))
    FROM subject JOIN pg_constraint c ON conrelid = subject.oid WHERE contype = 'f'
    UNION ALL
    SELECT 3, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM subject JOIN pg_index i ON indrelid = subject.oid
    WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = subject.oid)
    UNION ALL
    SELECT 4, tgname, pg_get_triggerdef(t.oid) FROM subject JOIN pg_trigger t ON tgrelid = subject.oid
    WHERE NOT tgisinternal
    UNION ALL
    SELECT 5, polname, format('CREATE POLICY %I ON %s AS %s FOR %s TO %s', polname, name,
           CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
           CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role)
            FROM unnest(polroles) AS role))
           || coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', '')
           || coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', '')
    FROM subject JOIN pg_policy ON polrelid = subject.oid
    UNION ALL
    SELECT 6, 'security', format('ALTER TABLE %s %s ROW LEVEL SECURITY, %s ROW LEVEL SECURITY', name,
           CASE WHEN relrowsecurity THEN 'ENABLE' ELSE 'DISABLE' END,
           CASE WHEN relforcerowsecurity THEN 'FORCE' ELSE 'NO FORCE' END)
    FROM subject
    UNION ALL
    SELECT 7, format('%s %s', grantee, privilege_type), format('GRANT %s ON %s TO %s', privilege_type, name,
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
    FROM subject CROSS JOIN aclexplode(relacl) WHERE grantee <> relowner
    UNION ALL
    SELECT 8, format('%s %s %s', grantee, attname, privilege_type), format('GRANT %s (%I) ON %s TO %s', privilege_type,
           attname, name, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
    FROM subject JOIN pg_attribute ON attrelid = subject.oid CROSS JOIN aclexplode(attacl) WHERE grantee <> relowner
    UNION ALL
    SELECT 9, 'owner', format('ALTER TABLE %s OWNER TO %s', name, relowner::regrole) FROM subject
) AS statements ORDER BY step, part
""")
_COLUMNS = text("""
    SELECT format('%I %s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull, attidentity::text || attgenerated::text,
                  pg_get_expr(adbin, adrelid))
    FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT format('%I %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE conrelid = CAST(:table AS regclass) AND contype = 'c'
    ORDER BY 1
""")
_GRANTEES = text("""
    SELECT DISTINCT grantee::regrole::text FROM pg_class CROSS JOIN aclexplode(relacl)
    WHERE oid = CAST(:table AS regclass) AND grantee NOT IN (0, relowner)
""")


class CopyDiffers(Exception):
    """A copy is not like its original; the message says in what."""


def build(connection: Connection, schema: str, tables: Sequence[str]) -> None:
    """Make `schema` anew with an empty copy of each of these tables of `public`, those first that others refer to."""
    connection.execute(_QUALIFIED)
    drop(connection, schema)
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    users: set[str] = set()
    for table in tables:
        users.update(connection.execute(_GRANTEES, {"table": f"public.{table}"}).scalars())
        statements = _statements(connection, "public", table)
        connection.execute(text(f"CREATE TABLE {schema}.{table} (LIKE public.{table} INCLUDING ALL EXCLUDING INDEXES)"))
        for statement in statements:
            _run(connection, _moved(statement, "public", schema, tables))
    for user in sorted(users):
        _run(connection, f"GRANT USAGE ON SCHEMA {schema} TO {user}")
    compare(connection, schema, tables)


def compare(connection: Connection, schema: str, tables: Sequence[str]) -> None:
    """Raise CopyDiffers unless each copy is like its original, rows aside."""
    connection.execute(_QUALIFIED)
    for table in tables:
        originals = describe(connection, "public", table)
        copies = [_moved(one, schema, "public", tables) for one in describe(connection, schema, table)]
        different = sorted(set(originals) ^ set(copies))
        if different:
            raise CopyDiffers(f"the copy of {table} differs in: {'; '.join(different)}")


def describe(connection: Connection, schema: str, table: str) -> list[str]:
    """Everything that makes the table what it is, as SQL or close to it. Expects an empty search path."""
    columns = connection.execute(_COLUMNS, {"table": f"{schema}.{table}"}).scalars()
    return [*columns, *_statements(connection, schema, table)]


def drop(connection: Connection, schema: str) -> None:
    """Remove the schema with all copies in it, if it is there."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))


def _statements(connection: Connection, schema: str, table: str) -> list[str]:
    return list(connection.execute(_DESCRIPTION, {"table": f"{schema}.{table}"}).scalars())


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))


def _moved(statement: str, here: str, there: str, tables: Sequence[str]) -> str:
    """The statement about the tables of another schema; names of other tables stay as they are."""
    named = "|".join(re.escape(table) for table in tables)
    return re.sub(rf"\b{re.escape(here)}\.({named})\b", rf"{there}.\1", statement)
