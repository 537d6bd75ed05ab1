#!/usr/bin/env bash
# Times the KALE flow of the three rings beside NumPy, in turn, then runs all flows and
# writes results.txt and rings.png. PYTHON is a Python with NumPy; STEPS (1000) steps a turn.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here" && go build -tags bench -o "$work/rings" .)
{
  for _ in 1 2 3; do
    "$work/rings" race "${STEPS:-1000}"
    "${PYTHON:-python3}" "$here/rings.py" "${STEPS:-1000}"
  done
  "$work/rings" "$here/rings.png"
} | tee "$here/results.txt"
