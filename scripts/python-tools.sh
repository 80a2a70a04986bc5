#!/usr/bin/env bash
# Installs moto and cfn-lint, pinned by test/oracle/requirements.txt, where they are not yet, and prints where: a private Python
# environment in node_modules/.cache. They are test equipment, not dependencies.
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
requirements="$root/test/oracle/requirements.txt"
environment="$root/node_modules/.cache/moto-$(sed -n 's/^moto==//p' "$requirements")"

if ! cmp -s "$requirements" "$environment/installed.txt"; then
  python=''
  for candidate in python3 python3.13 python3.12 python3.11 python3.10; do
    if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
      python="$candidate"
      break
    fi
  done
  if [ -z "$python" ]; then
    echo 'Python 3.10 or newer (with venv) is needed to run moto and cfn-lint, and none was found' >&2
    exit 1
  fi
  rm -rf "$environment"
  "$python" -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$requirements" >&2
  # Written last: an installation that was interrupted starts afresh.
  cp "$requirements" "$environment/installed.txt"
fi
echo "$environment"
