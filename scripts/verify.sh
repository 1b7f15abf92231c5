#!/usr/bin/env bash
# The one gate: the checks, then the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/check.sh
npm test
