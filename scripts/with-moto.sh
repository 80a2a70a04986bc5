#!/usr/bin/env bash
# Runs a command next to moto server, an independent stand-in for AWS: MOTO_ENDPOINT tells the command where it listens.
#
#   bash scripts/with-moto.sh npx vitest run --config test/oracle/vitest.config.mts
#
# moto is test equipment, not a dependency: scripts/python-tools.sh installs it.
set -euo pipefail

if [ $# -eq 0 ]; then
  echo 'usage: bash scripts/with-moto.sh <command...>' >&2
  exit 1
fi

root="$(cd "$(dirname "$0")/.." && pwd)"
requirements="$root/test/oracle/requirements.txt"
version="$(sed -n 's/^moto==//p' "$requirements")"
server=''
runner=''
log=''

finish() {
  status=$?
  trap - EXIT INT TERM HUP
  # Only what this script started; the command and its children first, so that they do not see the server vanish.
  [ -z "$runner" ] || kill -- "-$runner" 2>/dev/null || true
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  [ -z "$log" ] || rm -f "$log"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

environment="$(bash "$root/scripts/python-tools.sh")"

# Another process may take a free port before moto does, so a server that ends at once gets another try.
log="$(mktemp)"
for _ in 1 2 3; do
  port="$("$environment/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
  "$environment/bin/moto_server" -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
  server=$!
  ready=''
  for _ in $(seq 300); do
    kill -0 "$server" 2>/dev/null || break
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      ready=yes
      break
    fi
    sleep 0.1
  done
  [ -z "$ready" ] || break
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=''
done
if [ -z "$server" ]; then
  echo 'with-moto: moto server did not start:' >&2
  cat "$log" >&2
  exit 1
fi
echo "with-moto: moto $version on port $port"

# In the background, because a shell does not run its traps while it waits for a command in the foreground; as a process
# group (set -m), so that an interrupt can end its children too.
set -m
MOTO_ENDPOINT="http://127.0.0.1:$port" "$@" </dev/null &
runner=$!
set +m
status=0
wait "$runner" || status=$?
runner=''
exit "$status"
