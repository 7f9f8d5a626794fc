#!/bin/sh
# Run by the image's entrypoint in a new database. The exporter reads statistics and tables and writes nothing.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --set password="$EXPORTER_PASSWORD" <<'SQL'
CREATE ROLE exporter LOGIN PASSWORD :'password';
GRANT pg_monitor, pg_read_all_data TO exporter;
SQL
