#!/usr/bin/env bash
# Runs Node.js 24, which Lambda runs functions on, with the arguments given: from the registry, by platform.
#
#   bash scripts/with-node24.sh node_modules/vitest/vitest.mjs run test/lib/runtime
set -euo pipefail

version=24.21.0
platform="$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
if ! node="$(npm exec --yes --package="node-$platform@$version" -- node -p process.execPath 2>/dev/null)"; then
  echo "with-node24: the registry has no node-$platform@$version, or cannot be reached" >&2
  exit 1
fi
exec "$node" "$@"
