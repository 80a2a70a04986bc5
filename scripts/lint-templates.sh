#!/usr/bin/env bash
# `npm run lint:templates [-- <folder>]`: cfn-lint reads every template that the proofs synthesize (all stages and options), as it would be
# deployed in seven regions. An error of cfn-lint fails it; its warnings are about style (W3005).
#
# <folder>: where a run of the proofs with GROUNDPLAN_TEMPLATES=<folder> has left them. Without it, those proofs run first.
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
cd "$root"
# Fewer means that the proofs did not leave what they should, and that this has looked at too little.
least=60
regions=(us-east-1 us-west-2 eu-west-1 eu-central-1 ap-northeast-1 ap-southeast-1 ap-southeast-2)

folder="${1:-}"
if [ -z "$folder" ]; then
  folder="$(mktemp -d)"
  trap 'rm -rf "$folder"' EXIT
  GROUNDPLAN_TEMPLATES="$folder" npx vitest run test/proof/{rule-packs,rehearsal,access-options}.test.ts
fi

shopt -s nullglob
templates=("$folder"/*.template.json)
if [ "${#templates[@]}" -lt "$least" ]; then
  echo "lint-templates: ${#templates[@]} templates in $folder; at least $least are expected" >&2
  exit 1
fi
environment="$(bash scripts/python-tools.sh)"
echo "$("$environment/bin/cfn-lint" --version): ${#templates[@]} templates in ${regions[*]}"
"$environment/bin/cfn-lint" --ignore-checks W I --non-zero-exit-code error --regions "${regions[@]}" -- "${templates[@]}"
echo 'lint-templates: no error'
