#!/usr/bin/env bash
# Times wgf beside POT, OTT-JAX and KeOps on the same inputs, in turn (A B A B),
# and writes results/DATE.txt. PYTHON is a Python with the packages that peers.py
# names; ROUNDS is the number of turns (3). Run it on an idle machine: a quarter
# of an hour on two cores. Arguments choose parts: exact sinkhorn sliced mmd slopes
# memory; with the same WORK a later run adds to an earlier one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
python=${PYTHON:-python3}
rounds=${ROUNDS:-3}
work=${WORK:-$(mktemp -d)}
raw=$work/raw.jsonl
out=${OUT:-$here/results/$(date +%Y-%m-%d).txt}
mkdir -p "$work" "$(dirname "$out")"
touch "$raw"
parts=" ${*:-exact sinkhorn sliced mmd slopes memory} "
has() { [[ $parts == *" $1 "* ]]; }

(cd "$root" && go build -tags bench -o "$work/wgf-bench" ./bench/transport)

# mark PART: adds the part of the run to a line of JSON, drops everything else.
mark() { grep '^{' | sed "s/^{/{\"part\": \"$1\", /" >> "$raw"; }
ours() { "$work/wgf-bench" "${@:2}" | mark "$1"; }
peer() { "$python" "$here/peers.py" "$@" 2>> "$work/errors.txt" | mark race || echo "failed: peers.py $*" >&2; }

# race CASE N D PEER...
race() {
  for _ in $(seq "$rounds"); do
    ours race "$1" "$2" "$3"
    for who in "${@:4}"; do peer "$who" "$1" "$2" "$3"; done
    [ "$1" != mmd ] || ours race roof 0 0
  done
}

if has exact; then
  for d in 2 10; do
    for n in 1000 3000 5000; do race exact $n $d pot pot-dist; done
  done
  for n in 1000 3000 5000; do race exact-weighted $n 2 pot pot-dist; done
fi
if has sinkhorn; then race sinkhorn 4096 3 ott ott-512 keops pot; fi
if has sliced; then race sliced 100000 10 pot; fi
if has mmd; then
  for d in 2 10 50; do race mmd 4096 $d jax jax-grad keops; done
  for n in 2048 4096 8192 16384; do ours slope mmd $n 10; done
  for case in memory-mmd memory-energy; do ours memory $case 200000 3; done
fi
if has slopes; then
  for n in 500 1000 2000 4000; do ours slope exact $n 2; done
  for n in 2048 4096 8192 16384; do ours slope sinkhorn $n 3; done
  for n in 12500 25000 50000 100000 200000; do ours slope sliced $n 10; done
fi
if has memory; then
  ours memory memory-sinkhorn 200000 3
  ours memory memory-sliced 200000 10
fi

{
  echo "wgf $(git -C "$root" rev-parse --short HEAD), $(date +%Y-%m-%d), $(go version | cut -d' ' -f3)"
  echo "$(nproc) processors: $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1)$(grep -q avx512f /proc/cpuinfo && echo ', AVX-512'), load before the end $(cut -d' ' -f1-3 /proc/loadavg)"
  "$python" -c 'from importlib.metadata import version as v; print("Python", __import__("platform").python_version() + ",", ", ".join(p + " " + v(p) for p in ("numpy", "POT", "jax", "ott-jax", "torch", "pykeops")))'
  echo
  "$python" "$here/summary.py" "$raw"
} > "$out"
cat "$out"
