#!/bin/sh
# Temporal's tables, made or brought up to date by its own tool, which has the schema inside. SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD
# and SQL_DATABASE say where; the visibility store is beside it. Done again it changes nothing.
set -eu
tool="${TEMPORAL_SQL_TOOL:-temporal-sql-tool}"
for store in "$SQL_DATABASE:temporal" "${SQL_DATABASE}_visibility:visibility"; do
  database="${store%%:*}"
  "$tool" --plugin postgres12 --db "$database" setup-schema --version 0.0
  "$tool" --plugin postgres12 --db "$database" update-schema --schema-name "postgresql/v12/${store##*:}"
done
