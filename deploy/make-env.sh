#!/bin/sh
# Writes .env for docker-compose.yml with random secrets, and deploy/tokens.json with the hash of the token in .env.
# Refuses to overwrite existing files, because their secrets may be in use.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ] || [ -e deploy/tokens.json ]; then
  echo ".env or deploy/tokens.json already exists; nothing was changed" >&2
  exit 1
fi
draw() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
token="slw_$(draw 32)"
hash="$(printf %s "$token" | sha256sum | cut -d' ' -f1)"
umask 077
cat > .env <<END
POSTGRES_PASSWORD=$(draw 18)
TEMPORAL_DB_PASSWORD=$(draw 18)
SLIPWAY_MIGRATOR_PASSWORD=$(draw 18)
SLIPWAY_RUNTIME_PASSWORD=$(draw 18)
S3_ACCESS_KEY=slipway
S3_SECRET_KEY=$(draw 24)
SLIPWAY_TOKEN=$token
END
# It contains only a hash, so the account inside the containers may read it.
umask 022
printf '[{"name":"operator","roles":["operate"],"sha256":"%s"}]\n' "$hash" > deploy/tokens.json
echo "wrote .env and deploy/tokens.json; the token for requests is SLIPWAY_TOKEN in .env"
