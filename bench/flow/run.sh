#!/usr/bin/env bash
# Times velocities of particle flows beside JAX, KeOps and PyTorch, in turn, and writes
# results/DATE.txt: medians, ratios, memory and slopes. PYTHON is a Python with these
# packages; ROUNDS (3) turns. Run it on an idle machine: about five minutes on two cores.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
rounds=${ROUNDS:-3}
out=${OUT:-$here/results/$(date +%Y-%m-%d).txt}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$(dirname "$out")"
(cd "$here/../.." && go build -tags bench -o "$work/flow" ./bench/flow)
ours() { "$work/flow" "$@" >> "$work/raw"; }
peer() { "$python" "$here/peers.py" "$@" >> "$work/raw" 2>> "$work/errors" || echo "failed: $*" >&2; }
for _ in $(seq "$rounds"); do
  for d in 2 10 50; do
    ours svgd 4096 $d; peer jax svgd 4096 $d; peer keops svgd 4096 $d
    ours ksd 4096 $d; ours ksd-gradient 4096 $d
  done
  ours roof 4096 50
  ours sliced 10000 784; peer torch sliced 10000 784
done
for n in 2048 4096 8192 16384; do ours svgd $n 10; ours ksd-gradient $n 10; ours sliced $n 10; done
ours memory-svgd 100000 10; ours memory-energy 100000 10
median() { awk -v w="$1" -v c="$2" -v n="$3" -v d="$4" '$1==w && $2==c && $3==n && $4==d {print $5}' "$work/raw" | sort -g | awk '{v[NR]=$1} END {if (NR) print v[int((NR+1)/2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (a == "" || b == "") print "-"; else printf "%.2f", a/b}'; }
{
  echo "medians of $rounds alternating rounds, $(nproc) cores, double precision; ms a call"
  for d in 2 10 50; do
    w=$(median wgf svgd 4096 $d); j=$(median jax svgd 4096 $d); k=$(median keops svgd 4096 $d)
    echo "svgd n=4096 d=$d: wgf $(ratio "$w" 0.001), jax $(ratio "$j" 0.001) ($(ratio "$j" "$w") times), keops $(ratio "$k" 0.001) ($(ratio "$k" "$w") times)"
    echo "  ksd value $(ratio "$(median wgf ksd 4096 $d)" "$w") times svgd, its gradient $(ratio "$(median wgf ksd-gradient 4096 $d)" "$w") times"
  done
  echo "svgd n=4096 d=50: $(ratio "$(median wgf roof 4096 50)" "$(median wgf svgd 4096 50)") of the multiply-add roof"
  w=$(median wgf sliced 10000 784); t=$(median torch sliced 10000 784)
  echo "sliced energy 10000 x 10000, d=784, 500 directions: wgf $(ratio "$w" 0.001), torch $(ratio "$t" 0.001) ($(ratio "$t" "$w") times)"
  for c in svgd ksd-gradient sliced; do
    echo "slope of cost against n, $c, d=10, n=2048 to 16384: $(awk -v c=$c '$1=="wgf" && $2==c && $4==10 && ($3==2048||$3==16384) {t[$3]=$5} END {printf "%.2f", log(t[16384]/t[2048])/log(8)}' "$work/raw")"
  done
  awk '$2 ~ /^memory/ {printf "%s n=%d d=%d: %.2f s, %d MB\n", $2, $3, $4, $5, $6}' "$work/raw"
} | tee "$out"
