#!/bin/sh
# Writes .env for docker-compose.yml with random secrets, deploy/access/tokens.json with the hashes of two tokens: the one in .env, and
# the one in deploy/prometheus-token, which may only read. And the folder deploy/out, which the command line may write to.
# Refuses to overwrite existing files, because their secrets may be in use; `make-env.sh missing` adds the keys of
# services that an .env of an earlier version lacks.
set -eu
cd "$(dirname "$0")/.."
draw() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
has() { grep -Eq "^$1=[\"']?[^\"' ]" .env; }
# No server knows these until the job `bucket` has run, so that new ones can be drawn at any time.
services="S3_DECISIONS_SECRET_KEY S3_WORKER_SECRET_KEY S3_READER_SECRET_KEY S3_RETENTION_SECRET_KEY"
if [ "${1:-}" = missing ] && [ -e .env ]; then
  [ -z "$(tail -c 1 .env)" ] || echo >> .env
  for name in $services; do
    has "$name" || { printf '%s=%s\n' "$name" "$(draw 24)" >> .env; echo "added $name to .env"; }
  done
  exit 0
fi
if [ -e .env ]; then
  # One that was begun by hand, or is of an earlier version.
  for name in POSTGRES_PASSWORD TEMPORAL_DB_PASSWORD SLIPWAY_MIGRATOR_PASSWORD SLIPWAY_RUNTIME_PASSWORD S3_ACCESS_KEY S3_SECRET_KEY SLIPWAY_TOKEN; do
    has "$name" || echo ".env has no value for $name: add one, letters and digits, for example of: openssl rand -hex 24" >&2
  done
  for name in $services; do
    has "$name" || echo ".env has no value for $name: sh deploy/make-env.sh missing" >&2
  done
fi
if [ -e .env ] || [ -e deploy/access/tokens.json ]; then
  echo ".env or deploy/access/tokens.json already exists; nothing was changed" >&2
  exit 1
fi
token="slw_$(draw 32)"
reader="slw_$(draw 32)"
hash() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
umask 077
cat > .env <<END
POSTGRES_PASSWORD=$(draw 18)
TEMPORAL_DB_PASSWORD=$(draw 18)
SLIPWAY_MIGRATOR_PASSWORD=$(draw 18)
SLIPWAY_RUNTIME_PASSWORD=$(draw 18)
S3_ACCESS_KEY=slipway
S3_SECRET_KEY=$(draw 24)
S3_DECISIONS_SECRET_KEY=$(draw 24)
S3_WORKER_SECRET_KEY=$(draw 24)
S3_READER_SECRET_KEY=$(draw 24)
S3_RETENTION_SECRET_KEY=$(draw 24)
SLIPWAY_TOKEN=$token
END
printf %s "$reader" > deploy/prometheus-token
# Only hashes, so the account inside the containers may read them.
umask 022
mkdir -p deploy/access deploy/out deploy/keys
printf '[{"name":"operator","roles":["operate"],"sha256":"%s"},{"name":"prometheus","roles":["read"],"sha256":"%s"}]\n' \
  "$(hash "$token")" "$(hash "$reader")" > deploy/access/tokens.json
# The user of the image is 1000.
chown 1000:1000 deploy/out 2> /dev/null || chmod 777 deploy/out
echo "wrote .env, deploy/access/tokens.json and deploy/prometheus-token; the token for requests is SLIPWAY_TOKEN in .env"
