#!/usr/bin/env bash
# Static checks: format and lint, types, promises, import directions, words, unused code.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$*"; "$@"; }
step npx biome check --error-on-warnings .
step npm run --silent typecheck
step npx oxlint --type-aware --deny-warnings
step node scripts/check-directions.mjs
step node scripts/check-words.mjs
step npm run --silent docs -- --check
step npx knip
