#!/bin/sh
# Creates or updates Temporal's tables with its own tool, which contains the schema. SQL_HOST, SQL_PORT, SQL_USER,
# SQL_PASSWORD and SQL_DATABASE name the database; the visibility store is ${SQL_DATABASE}_visibility. Running it again
# changes nothing.
set -eu
tool="${TEMPORAL_SQL_TOOL:-temporal-sql-tool}"
for store in "$SQL_DATABASE:temporal" "${SQL_DATABASE}_visibility:visibility"; do
  database="${store%%:*}"
  "$tool" --plugin postgres12 --db "$database" setup-schema --version 0.0
  "$tool" --plugin postgres12 --db "$database" update-schema --schema-name "postgresql/v12/${store##*:}"
done
