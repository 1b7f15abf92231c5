#!/bin/sh
# upgrade.sh TAG: takes the services of docker-compose.yml to another image, one after the other, so that requests are answered all the
# time. It stops at the first step that fails; what it has not reached yet runs as before. Running it again continues.
set -eu
cd "$(dirname "$0")/.."
[ $# = 1 ] || { echo "usage: sh deploy/upgrade.sh TAG" >&2; exit 2; }
SLIPWAY_IMAGE_TAG=$1
export SLIPWAY_IMAGE_TAG
# Podman: SLIPWAY_COMPOSE="podman compose"
compose() { ${SLIPWAY_COMPOSE:-docker compose} "$@"; }
step() { echo "== $1"; }

step "every open release can be continued by this build"
compose run --rm --no-deps cli upgrade --check
step "volumes"
compose run --rm --no-deps owner
step "keys of the artifacts"
# Starts the S3 server anew only where its settings have changed.
compose up -d --no-deps --wait artifacts
compose run --rm --no-deps bucket
step "tables"
compose run --rm --no-deps migrate
for service in decisions-a decisions-b; do
  step "$service"
  # Waits until it is healthy; meanwhile the proxy sends all requests to the other one.
  compose up -d --no-deps --wait "$service"
done
step "workers"
# shellcheck disable=SC2046
compose up -d --no-deps --wait $(compose config --services | grep '^worker')
step "this build gets the work"
compose run --rm --no-deps current-build
step "the rest"
compose up -d --no-deps --wait notify proxy
# The next `docker compose up` must not go back.
if grep -q '^SLIPWAY_IMAGE_TAG=' .env; then
  sed "s/^SLIPWAY_IMAGE_TAG=.*/SLIPWAY_IMAGE_TAG=$SLIPWAY_IMAGE_TAG/" .env > .env.next && cat .env.next > .env && rm .env.next
else
  echo "SLIPWAY_IMAGE_TAG=$SLIPWAY_IMAGE_TAG" >> .env
fi
echo "all services run slipway:$SLIPWAY_IMAGE_TAG, also after the next docker compose up"
