#!/usr/bin/env bash
# Runs tests on the Node.js that Lambda has: the files named, or else those of lib/runtime and what says so on a line of its own.
#
#   // @node24        runs there as well
#   // @node24 alone  runs there in place of `npm run test:proofs`
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# = 0 ]; then
  # shellcheck disable=SC2046 # no path has a space
  set -- test/lib/runtime $(grep -rlxE --include='*.test.ts' '// @node24( alone)?' test | sort)
fi
exec bash scripts/with-node24.sh node_modules/vitest/vitest.mjs run "$@"
