#!/usr/bin/env bash
# Nanoseconds per particle-gradient, wgf beside the same programs compiled by
# Stan, in turn (A B A B ...) on one core; prints medians and ratios.
# Needs what compile.sh needs, and Go. Run it on an idle machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
rounds=${ROUNDS:-5}
one_core="taskset -c 0"

(cd "$root" && go build -o "$work/wgf" ./cmd/wgf)
gcc -O2 -o "$work/time_gradient" "$here/time_gradient.c" -ldl
median() { sort -g | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }

printf '%-20s %12s %12s %8s\n' program 'Stan ns' 'wgf ns' ratio
for pair in eight_schools/eight_schools time_series/ar5 german_credit/german_credit; do
  name=$(basename "$pair")
  data=$root/examples/$pair.data.json
  # Generated quantities have no part in the gradient and slow the compilation.
  sed '/^generated quantities/,$d' "$root/examples/$pair.stan" > "$work/$name.stan"
  [ -f "$work/$name.so" ] || bash "$here/compile.sh" "$work/$name.stan" "$work/$name.so"
  : > "$work/stan.txt"; : > "$work/wgf.txt"
  for _ in $(seq "$rounds"); do
    $one_core "$work/time_gradient" "$work/$name.so" "$data" >> "$work/stan.txt"
    $one_core "$work/wgf" check "$root/examples/$pair.stan" "$data" --json |
      sed -n 's/.*"ns_per_gradient": \([0-9.]*\).*/\1/p' >> "$work/wgf.txt"
  done
  stan=$(median < "$work/stan.txt"); ours=$(median < "$work/wgf.txt")
  printf '%-20s %12.1f %12.1f %8.1f\n' "$name" "$stan" "$ours" "$(awk "BEGIN {print $stan/$ours}")"
done
