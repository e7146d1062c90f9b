/** What was tried with SQLite's shell, psql and DuckDB. */
export const syncText = () => `A copy of the contacts for SQL

  reekolect contacts sync contacts.db
  sqlite3 contacts.db 'SELECT tag, count(*) FROM contact_tags GROUP BY tag'

A run reads every contact, again until none can be missing, then writes what
changed in one transaction: others see the old state or the new one. Views:
contacts; contact_tags, contact_segments, contact_attributes. Tables:
contacts_all, which keeps who is gone with deleted_at, segments, agents,
sync_runs. raw holds the record as the service sent it. When a run begins or
ends its transaction a reader waits some milliseconds: .timeout 5000 in sqlite3,
PRAGMA busy_timeout = 5000 elsewhere.

Who is missing is marked as deleted where a full run proves it: under filters
that means no longer among them. More than a tenth and five at once are not
believed (exit 8): look, then --max-deletions N. --purge 90d erases for good
what was marked 90 days ago. --history keeps what was before in contact_changes.

From cron: every ten minutes who came or was seen, once a day everybody. Only
full runs see what an agent edits, and who is gone.

  */10 * * * *  /usr/local/bin/reekolect contacts sync ~/contacts.db --quick

In PostgreSQL the tables stand in a schema, reekolect unless --schema names
another. The password comes from PGPASSWORD, ~/.pgpass or
REEKOLECT_DATABASE_URL, never from the command line. Off this machine the server
must prove itself: PGSSLROOTCERT names its certificate.

  reekolect contacts sync postgres://me@db.example.com/crm

What somebody who only reads needs:

  GRANT USAGE ON SCHEMA reekolect TO bi;
  GRANT SELECT ON ALL TABLES IN SCHEMA reekolect TO bi;
  ALTER DEFAULT PRIVILEGES IN SCHEMA reekolect GRANT SELECT ON TABLES TO bi;

Citus spreads the contacts over its nodes after the first run:

  SELECT create_distributed_table('reekolect.contacts_all', 'id');

DuckDB reads the file, or an export:

  duckdb -c "ATTACH 'contacts.db' AS db (TYPE sqlite); FROM db.contacts LIMIT 5"
  reekolect contacts export --columns all -o contacts.parquet
  duckdb -c "SELECT status, count(*) FROM 'contacts.parquet' GROUP BY 1"

Exit 2: the database holds another account, or other filters. 7: it can't be
reached or written. 8: some may be missing, or nobody was marked. 75: another
run has it.`;
