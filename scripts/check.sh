#!/usr/bin/env bash
# Static checks: format and lint, types, promises, import directions, words, unused code.
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$*"; "$@"; }
step npx biome check --error-on-warnings .
# The compiler and the small checks use one core each.
types="$(mktemp)"
npm run --silent typecheck > "$types" 2>&1 &
compiler=$!
trap 'kill "$compiler" 2>/dev/null || true; rm -f "$types"' EXIT
step node scripts/check-directions.mjs
step node scripts/check-words.mjs
step node scripts/check-comments.mjs
step npm run --silent docs -- --check
step npx knip
printf '\n== npm run --silent typecheck\n'
wait "$compiler" || { code=$?; cat "$types"; exit "$code"; }
step npx oxlint --type-aware --deny-warnings
