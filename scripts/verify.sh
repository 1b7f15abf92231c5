#!/usr/bin/env bash
# The one gate: format and lint, types, promises, import directions, unused code, tests.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$*"; "$@"; }
step npx biome check --error-on-warnings .
step npm run --silent typecheck
step npx oxlint --type-aware --deny-warnings
step node scripts/check-directions.mjs
step npx knip
step npm test
