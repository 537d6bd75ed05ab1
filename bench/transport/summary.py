"""Prints the table of a run: python summary.py RAW.jsonl"""
import json
import math
import sys
from statistics import median

rows = [json.loads(line) for line in open(sys.argv[1]) if line.startswith("{")]
cells = {}
for r in rows:
    cells.setdefault((r.get("part", "race"), r["case"], r["n"], r["d"]), {}).setdefault(r["who"], []).append(r)


def middle(runs, key):
    return median(r[key] for r in runs)


print("Median wall clock (CPU time of all threads) in ms, and how many times longer the peers take")
print(f'{"case":16s} {"N":>7s} {"d":>4s}  {"who":10s} {"wall ms":>11s} {"CPU ms":>11s} {"ratio":>7s} {"CPU ratio":>9s} {"peak MB":>8s}  {"value":>22s} runs')
for (part, case, n, d), who in cells.items():
    if part != "race" or "wgf" not in who or case == "roof":
        continue
    w0, c0 = middle(who["wgf"], "wall_ms"), middle(who["wgf"], "cpu_ms")
    for name, runs in who.items():
        w, c = middle(runs, "wall_ms"), middle(runs, "cpu_ms")
        ratio = "" if name == "wgf" else f"{w / w0:7.2f} {c / c0:9.2f}"
        print(f'{case:16s} {n:7d} {d:4d}  {name:10s} {w:11.2f} {c:11.2f} {ratio:>17s} {max(r["peak_mb"] for r in runs):8d}  {runs[0]["value"]:22.15g} {len(runs)}')

roof = [r for r in rows if r["case"] == "roof"]
if roof:
    best = max(r["value"] for r in roof)
    print(f"\nMultiply-add roof, all threads, in this run: {best:.1f} GFLOP/s (median {middle(roof, 'value'):.1f})")
    for (part, case, n, d), who in cells.items():
        if case == "mmd" and part == "race" and "wgf" in who:
            # two sums over n^2 pairs; d multiply-adds for the distance, d + 1 for the sums
            flops = 2 * n * n * 2 * (2 * d + 1)
            rate = flops / middle(who["wgf"], "wall_ms") / 1e6
            print(f"MMD gradient, N = {n}, d = {d}: {rate:.1f} GFLOP/s, {100 * rate / best:.0f} % of the roof (exponentials not counted)")

memory = [r for r in rows if r["case"].startswith("memory-")]
if memory:
    print("\nPeak memory of the process, one run each")
    for r in memory:
        print(f'{r["case"]:16s} {r["n"]:7d} x {r["n"]} d = {r["d"]}: {r["peak_mb"]} MB, {r["wall_ms"] / 1e3:.1f} s')

print("\nCost against N: slope of the least-squares line of log wall clock on log N")
for case, d in dict.fromkeys((c, d) for (part, c, n, d) in cells if part == "slope"):
    at = sorted((n, middle(who["wgf"], "wall_ms")) for (part, c, n, dd), who in cells.items() if part == "slope" and (c, dd) == (case, d))
    x, y = [math.log(n) for n, _ in at], [math.log(t) for _, t in at]
    mx, my = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - mx) * (b - my) for a, b in zip(x, y)) / sum((a - mx) ** 2 for a in x)
    print(f'{case:16s} d = {d:3d}: slope {slope:.2f};  ' + ", ".join(f"{n}: {t:.3g} ms" for n, t in at))
