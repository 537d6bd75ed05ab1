#!/usr/bin/env python3
"""Writes stan_values.json: values and gradients of library functions as compiled Stan gives them.

usage: make_fixtures.py ORACLE_DIR WORK_DIR
ORACLE_DIR holds compile.sh (program -> shared library with BridgeStan's C functions). Every case is a function with
arguments that are data or parameters; one Stan program holds all, chosen by the data variable k. For results that are
not scalars the target is sum_i r_i/(i+1) over the elements (column-major).
"""
import ctypes, json, math, os, random, subprocess, sys

random.seed(20240607)
N = 3  # size of containers


def real(lo, hi):
    return lambda: round(random.uniform(lo, hi), 3)


R, POS, UNIT = real(-1.5, 1.5), real(0.3, 3), real(0.05, 0.95)
NU = real(1.2, 9)


def count(hi):
    return lambda: random.randint(0, hi)


# name: (variate, parameters..., has cdf)
UNIVARIATE = {
    "normal": (R, R, POS, 1), "std_normal": (R, 1), "cauchy": (R, R, POS, 1), "student_t": (R, NU, R, POS, 1),
    "lognormal": (POS, R, POS, 1), "exponential": (POS, POS, 1), "gamma": (POS, POS, POS, 1),
    "inv_gamma": (POS, POS, POS, 1), "beta": (UNIT, POS, POS, 1), "beta_proportion": (UNIT, UNIT, POS, 2),
    "uniform": (real(0, 1), real(-2, -1), real(2, 3), 1), "weibull": (POS, POS, POS, 1),
    "double_exponential": (R, R, POS, 1), "logistic": (R, R, POS, 1), "gumbel": (R, R, POS, 1),
    "chi_square": (POS, NU, 1), "inv_chi_square": (POS, NU, 1), "scaled_inv_chi_square": (POS, NU, POS, 1),
    "rayleigh": (POS, POS, 1), "pareto": (real(3, 5), POS, POS, 1),
    "bernoulli": (count(1), UNIT, 1), "bernoulli_logit": (count(1), R, 0), "binomial": (count(4), lambda: random.randint(5, 9), UNIT, 1),
    "binomial_logit": (count(4), lambda: random.randint(4, 9), R, 0), "poisson": (count(6), POS, 1),
    "poisson_log": (count(6), R, 0), "neg_binomial_2": (count(6), POS, POS, 1), "neg_binomial_2_log": (count(6), R, POS, 0),
    "discrete_range": (lambda: random.randint(2, 4), lambda: random.randint(0, 2), lambda: random.randint(4, 7), 0),
}
DISCRETE = {"bernoulli": 1, "bernoulli_logit": 1, "binomial": 2, "binomial_logit": 2, "poisson": 1, "poisson_log": 1,
            "neg_binomial_2": 1, "neg_binomial_2_log": 1, "discrete_range": 3}
UNARY = {
    "Phi": R, "Phi_approx": R, "abs": R, "acos": UNIT, "acosh": real(1.1, 3), "asin": UNIT, "asinh": R, "atan": R,
    "atanh": UNIT, "cbrt": POS, "ceil": R, "cos": R, "cosh": R, "digamma": POS, "erf": R, "erfc": R, "exp": R, "exp2": R,
    "expm1": R, "floor": R, "inv": POS, "inv_Phi": UNIT, "inv_cloglog": R, "inv_logit": R, "inv_sqrt": POS,
    "inv_square": POS, "lgamma": POS, "log": POS, "log10": POS, "log1m": UNIT, "log1m_exp": real(-3, -0.1),
    "log1m_inv_logit": R, "log1p": POS, "log1p_exp": R, "log2": POS, "log_inv_logit": R, "logit": UNIT, "round": R,
    "sin": R, "sinh": R, "sqrt": POS, "square": R, "std_normal_qf": UNIT, "tan": R, "tanh": R, "tgamma": POS,
    "trigamma": POS, "trunc": R,
}
BINARY = {
    "atan2": (R, R), "beta": (POS, POS), "fdim": (R, R), "fmax": (R, R), "fmin": (R, R), "fmod": (POS, POS),
    "hypot": (R, R), "lbeta": (POS, POS), "lchoose": (real(3, 6), real(0.2, 2)), "lmultiply": (POS, POS),
    "log_diff_exp": (real(1, 2), real(-1, 0.9)), "log_falling_factorial": (real(3, 6), real(0.3, 2)),
    "log_inv_logit_diff": (real(1, 2), real(-1, 0.9)), "log_rising_factorial": (POS, POS), "log_sum_exp": (R, R),
    "pow": (POS, R), "gamma_p": (POS, POS), "gamma_q": (POS, POS),
}


def arg(kind, dims, gen, param):
    n = math.prod(dims)
    return {"type": kind, "dims": dims, "param": param, "values": [gen() for _ in range(n)]}


def spd(n):
    a = [[random.uniform(-1, 1) for _ in range(n)] for _ in range(n)]
    return [round(sum(a[i][k] * a[j][k] for k in range(n)) + (n if i == j else 0), 3) for i in range(n) for j in range(n)]


def chol(n):
    return [round(random.uniform(-1, 1), 3) if j < i else (round(random.uniform(0.5, 2), 3) if i == j else 0.0) for i in range(n) for j in range(n)]


def fixed(kind, dims, values, param):
    return {"type": kind, "dims": dims, "param": param, "values": values}


def simplex(n):
    v = [random.randint(5, 40) for _ in range(n)]
    out = [round(x / sum(v), 3) for x in v]
    out[-1] = round(1 - sum(out[:-1]), 3)
    return out


def cases():
    out = []

    def add(f, *args):
        out.append({"f": f, "args": list(args)})

    for name, spec in UNIVARIATE.items():
        gens, cdf, ints = spec[:-1], spec[-1], DISCRETE.get(name, 0)
        kind = "mf" if ints else "df"
        n = len(gens)
        forms = [[("real", False)] * ints + [("real", True)] * (n - ints), [("vector", False)] * ints + [("vector", True)] * (n - ints)]
        for i in range(ints, n):  # one parameter, the rest data
            forms.append([("array", False) if j == 0 else ("real", j == i) for j in range(n)] if i else [("row_vector", True)] + [("real", False)] * (n - 1))
        for form in forms:
            args = []
            for j, (k, param) in enumerate(form):
                if j < ints:
                    k = "int" if k == "real" else "ints"
                args.append(arg(k, [] if k in ("real", "int") else [N], gens[j], param))
            for suffix in ("_lp", "_lup"):
                add(name + suffix + kind, *args)
        if cdf:
            for suffix in ("_cdf", "_lcdf", "_lccdf")[cdf - 1:]:
                add(name + suffix, *[arg("int" if j < ints else "real", [], gens[j], j >= ints) for j in range(n)])
                add(name + suffix, *[arg("ints" if j < ints else "vector", [N], gens[j], j >= ints) for j in range(n)])
    for name, gen in UNARY.items():
        add(name, arg("vector", [N], gen, True))
    for name, (g, h) in BINARY.items():
        add(name, arg("vector", [N], g, True), arg("real", [], h, True))
        add(name, arg("real", [], g, True), arg("row_vector", [N], h, True))
        add(name, arg("real", [], g, False), arg("real", [], h, True))
        add(name, arg("real", [], g, True), arg("real", [], h, False))
    for shape_y, shape_x, dims_x in (("many", "matrix", [N, 2]), ("many", "row_vector", [2]), ("one", "matrix", [N, 2])):
        for alpha in ("real", "vector"):
            for beta_param, x_param in ((True, False), (True, True)):
                x = arg(shape_x, dims_x, R, x_param)
                a = arg(alpha, [] if alpha == "real" else [N], R, True)
                b = arg("vector", [2], R, beta_param)
                y01 = arg("int", [], count(1), False) if shape_y == "one" else arg("ints", [N], count(1), False)
                y = arg("real", [], R, False) if shape_y == "one" else arg("vector", [N], R, False)
                for u in ("_lp", "_lup"):
                    add("bernoulli_logit_glm" + u + "mf", y01, x, a, b)
                    add("poisson_log_glm" + u + "mf", y01, x, a, b)
                    add("normal_id_glm" + u + "df", y, x, a, b, arg("real", [], POS, True))
                    add("normal_id_glm" + u + "df", y, x, a, b, arg("vector", [N], POS, True))
    for u in ("_lp", "_lup"):
        add("dirichlet" + u + "df", fixed("vector", [3], simplex(3), False), arg("vector", [3], POS, True))
        add("dirichlet" + u + "df", fixed("vectors", [2, 3], simplex(3) + simplex(3), False), arg("vector", [3], POS, True))
        add("categorical_logit" + u + "mf", arg("int", [], lambda: 2, False), arg("vector", [3], R, True))
        add("categorical_logit" + u + "mf", arg("ints", [N], lambda: random.randint(1, 3), False), arg("vector", [3], R, True))
        for p in ((True, True, True), (True, False, False), (False, True, False)):
            add("multi_normal_cholesky" + u + "df", arg("vector", [3], R, p[0]), arg("vector", [3], R, p[1]), fixed("matrix", [3, 3], chol(3), p[2]))
            add("multi_normal_cholesky" + u + "df", arg("vectors", [2, 3], R, p[0]), arg("vector", [3], R, p[1]), fixed("matrix", [3, 3], chol(3), p[2]))
            add("multi_normal" + u + "df", arg("vector", [3], R, p[0]), arg("row_vector", [3], R, p[1]), fixed("spd", [3, 3], spd(3), p[2]))
    for f in ("sum", "prod", "mean", "sd", "variance", "min", "max", "log_sum_exp", "norm1", "norm2", "dot_self", "softmax", "log_softmax", "cumulative_sum", "reverse", "sort_asc", "sort_desc", "diag_matrix"):
        add(f, arg("vector", [4], R, True))
    for f in ("dot_product", "distance", "squared_distance"):
        add(f, arg("vector", [N], R, True), arg("row_vector", [N], R, True))
    for f in ("columns_dot_self", "rows_dot_self", "crossprod", "tcrossprod", "multiply_lower_tri_self_transpose", "transpose", "diagonal", "sum", "mean", "to_vector", "to_row_vector", "to_array_1d"):
        add(f, arg("matrix", [2, 3], R, True))
    for f in ("columns_dot_product", "rows_dot_product"):
        add(f, arg("matrix", [2, 3], R, True), arg("matrix", [2, 3], R, True))
    for f in ("inverse", "determinant", "log_determinant", "trace"):
        add(f, arg("matrix", [3, 3], R, True))
    for f in ("cholesky_decompose", "inverse_spd", "log_determinant_spd"):
        add(f, fixed("spd", [3, 3], spd(3), True))
    for f in ("mdivide_left", "mdivide_left_spd", "mdivide_left_tri_low"):
        m = {"mdivide_left": arg("matrix", [3, 3], R, True), "mdivide_left_spd": fixed("spd", [3, 3], spd(3), True), "mdivide_left_tri_low": fixed("matrix", [3, 3], chol(3), True)}[f]
        add(f, m, arg("vector", [3], R, True))
        add(f, m, arg("matrix", [3, 2], R, True))
        add(f.replace("left", "right"), arg("row_vector", [3], R, True), m)
        add(f.replace("left", "right"), arg("matrix", [2, 3], R, True), m)
    for f in ("quad_form", "quad_form_sym", "trace_quad_form"):
        add(f, fixed("spd", [3, 3], spd(3), True), arg("matrix", [3, 2], R, True))
        add(f, fixed("spd", [3, 3], spd(3), True), arg("vector", [3], R, True))
    add("quad_form_diag", fixed("spd", [3, 3], spd(3), True), arg("vector", [3], R, True))
    add("diag_pre_multiply", arg("vector", [2], R, True), arg("matrix", [2, 3], R, True))
    add("diag_post_multiply", arg("matrix", [2, 3], R, True), arg("vector", [3], R, True))
    add("add_diag", arg("matrix", [2, 3], R, True), arg("vector", [2], R, True))
    add("add_diag", arg("matrix", [3, 3], R, True), arg("real", [], R, True))
    add("log_mix", arg("real", [], UNIT, True), arg("real", [], R, True), arg("real", [], R, True))
    add("log_mix", fixed("vector", [3], simplex(3), False), arg("vector", [3], R, True))
    add("log_mix", fixed("vector", [3], simplex(3), False), arg("vectors", [2, 3], R, True))
    add("fma", arg("real", [], R, True), arg("vector", [N], R, True), arg("vector", [N], R, True))
    add("inc_beta", arg("real", [], POS, True), arg("real", [], POS, True), arg("real", [], UNIT, True))
    add("lmgamma", arg("int", [], lambda: 3, False), arg("vector", [N], real(2, 4), True))
    add("ldexp", arg("vector", [N], R, True), arg("int", [], lambda: 3, False))
    add("rising_factorial", arg("vector", [N], POS, True), arg("int", [], lambda: 3, False))
    add("falling_factorial", arg("vector", [N], POS, True), arg("int", [], lambda: 3, False))
    add("gp_exp_quad_cov", arg("array", [N], R, False), arg("real", [], POS, True), arg("real", [], POS, True))
    add("gp_exp_quad_cov", arg("vectors", [N, 2], R, True), arg("real", [], POS, True), arg("array", [2], POS, True))
    add("gp_exp_quad_cov", arg("array", [N], R, True), arg("array", [2], R, True), arg("real", [], POS, True), arg("real", [], POS, True))
    add("to_matrix", arg("vector", [6], R, True), arg("int", [], lambda: 2, False), arg("int", [], lambda: 3, False))
    add("append_row", arg("matrix", [2, 3], R, True), arg("row_vector", [3], R, True))
    add("append_col", arg("matrix", [2, 3], R, True), arg("vector", [2], R, True))
    add("block", arg("matrix", [2, 3], R, True), *[arg("int", [], (lambda v: lambda: v)(v), False) for v in (1, 2, 2, 2)])
    add("segment", arg("vector", [5], R, True), arg("int", [], lambda: 2, False), arg("int", [], lambda: 3, False))
    for op in ("multiply", ):
        for x, y in ((("matrix", [2, 3]), ("vector", [3])), (("row_vector", [2]), ("matrix", [2, 3])), (("matrix", [2, 3]), ("matrix", [3, 2])), (("vector", [2]), ("row_vector", [3])), (("row_vector", [3]), ("vector", [3]))):
            for px, py in ((True, False), (False, True), (True, True)):
                add(op, arg(*x, R, px), arg(*y, R, py))
    for op, ys in (("add", R), ("subtract", R), ("elt_multiply", R), ("elt_divide", POS)):
        for x, y in ((("vector", [3]), ("vector", [3])), (("real", []), ("matrix", [2, 2])), (("matrix", [2, 2]), ("real", []))):
            add(op, arg(*x, R, True), arg(*y, ys, True))
    return out


# Far values of calls that are there with usual ones: data ints first, then real parameters. Left out is where Stan loses
# digits itself: normal_lccdf(8 | 0, 1), exponential_lcdf(1e-12 | 1), student_t with 1e5 degrees of freedom (1e-10).
EXTREME = {
    "neg_binomial_2_lpmf": [([3], [2.0, 1e6]), ([40], [20.0, 1e8]), ([0], [2.0, 1e-3]), ([500], [3.0, 0.5])],
    "neg_binomial_2_log_lpmf": [([3], [1.0, 1e6]), ([0], [-30.0, 2.0]), ([7], [15.0, 0.1])],
    "bernoulli_logit_lpmf": [([1], [19.0]), ([0], [-19.0]), ([1], [-19.0]), ([1], [35.0]), ([0], [35.0]), ([1], [-300.0])],
    "bernoulli_lpmf": [([1], [1e-12]), ([0], [1e-12]), ([0], [0.0]), ([1], [1.0])],
    "binomial_lpmf": [([0, 5], [1e-9]), ([5, 5], [1 - 1e-9]), ([0, 7], [0.0]), ([300, 1000], [0.31])],
    "binomial_logit_lpmf": [([0, 5], [-40.0]), ([5, 5], [40.0]), ([2, 900], [-3.0])],
    "poisson_lpmf": [([0], [1e-10]), ([300], [310.0]), ([2], [1e-10])],
    "poisson_log_lpmf": [([0], [-50.0]), ([3], [-50.0]), ([1000], [6.9])],
    "student_t_lpdf": [([], [0.3, 1e3, 0.0, 1.0]), ([], [50.0, 0.2, 0.0, 1e-3]), ([], [1e5, 3.0, 0.0, 1.0])],
    "student_t_lccdf": [([], [40.0, 3.0, 0.0, 1.0]), ([], [-40.0, 3.0, 0.0, 1.0]), ([], [0.0, 3.0, 10.0, 1.0])],
    "normal_lpdf": [([], [1e4, 0.0, 1.0]), ([], [0.0, 0.0, 1e-8])],
    "normal_lcdf": [([], [-8.0, 0.0, 1.0]), ([], [-30.0, 0.0, 1.0]), ([], [7.0, 0.0, 1.0])],
    "normal_lccdf": [([], [30.0, 0.0, 1.0]), ([], [-7.0, 0.0, 1.0])],
    "cauchy_lpdf": [([], [1e8, 0.0, 1.0])], "cauchy_lccdf": [([], [1e6, 0.0, 1.0]), ([], [-1e6, 0.0, 1.0])],
    "gamma_lpdf": [([], [1e-6, 0.01, 1.0]), ([], [900.0, 1000.0, 1.1])],
    "beta_lpdf": [([], [1e-9, 0.1, 30.0]), ([], [0.5, 3000.0, 2900.0])],
    "lognormal_lpdf": [([], [1e-20, 0.0, 1.0])], "weibull_lpdf": [([], [1e-5, 0.4, 2.0])],
    "logistic_lpdf": [([], [400.0, 0.0, 1.0]), ([], [-400.0, 0.0, 1.0])], "gumbel_lpdf": [([], [-5.0, 0.0, 1.0])],
    "double_exponential_lccdf": [([], [50.0, 0.0, 1.0]), ([], [-50.0, 0.0, 1.0])],
    "weibull_lccdf": [([], [60.0, 1.0, 1.0])],
    "logistic_lcdf": [([], [-60.0, 0.0, 1.0]), ([], [60.0, 0.0, 1.0])],
}


def extremes(plain):
    out = []
    for f, points in EXTREME.items():
        form = next(c for c in plain if c["f"] == f and all(a["type"] in ("int", "real") and (a["param"] or a["type"] == "int") for a in c["args"]))
        for ints, reals in points:
            values = iter(ints + reals)
            out.append({"f": f, "args": [dict(a, values=[next(values)]) for a in form["args"]]})
    return out


def expression(a, at):
    """The Stan text of an argument that starts at place at (from 1) of x (parameters), d (data) or n (ints)."""
    kind, dims, n = a["type"], a["dims"], math.prod(a["dims"])
    src = "n" if kind in ("int", "ints") else ("x" if a["param"] else "d")
    if kind in ("real", "int"):
        return f"{src}[{at}]"
    part = f"{src}[{at}:{at + n - 1}]"
    if kind in ("vector", "ints"):
        return part
    if kind == "row_vector":
        return part + "'"
    if kind == "array":
        return f"to_array_1d({part})"
    if kind == "matrix":
        return f"to_matrix({part}, {dims[0]}, {dims[1]}, 0)"
    if kind == "spd":  # symmetric in the parameters as well
        return f"symmetrize_from_lower_tri(to_matrix({part}, {dims[0]}, {dims[1]}, 0))"
    k = dims[1]
    return "{" + ", ".join(f"{src}[{at + i * k}:{at + i * k + k - 1}]" for i in range(dims[0])) + "}"


def call(case):
    at = {"x": 1, "d": 1, "n": 1}
    texts, data = [], {"x": [], "d": [], "n": []}
    for a in case["args"]:
        src = "n" if a["type"] in ("int", "ints") else ("x" if a["param"] else "d")
        texts.append(expression(a, at[src]))
        at[src] += len(a["values"])
        data[src] += a["values"]
    f = case["f"]
    if f.endswith(("_lpdf", "_lpmf", "_lupdf", "_lupmf", "_cdf", "_lcdf", "_lccdf")):
        text = f"{f}({texts[0]} | {', '.join(texts[1:])})"
    else:
        text = f"{f}({', '.join(texts)})"
    return text, data


def main():
    oracle, work = sys.argv[1:3]
    all_cases = cases()
    all_cases += extremes(all_cases)
    texts = {}
    body = []
    for c in all_cases:
        text, c["data"] = call(c)
        if text not in texts:
            texts[text] = len(texts) + 1
            body.append(f"  if (k == {texts[text]}) target += weigh({text});")
        c["k"] = texts[text]
    program = """functions {
  real weigh(real r) { return r; }
  real weigh(vector r) { real s = 0; for (i in 1:size(r)) s += r[i] / i; return s; }
  real weigh(row_vector r) { return weigh(r'); }
  real weigh(array[] real r) { return weigh(to_vector(r)); }
  real weigh(matrix r) { return weigh(to_vector(r)); }
}
data { int k; vector[64] d; array[16] int n; }
parameters { vector[64] x; }
model {
""" + "\n".join(body) + "\n}\n"
    os.makedirs(work, exist_ok=True)
    path = os.path.join(work, "fixtures.stan")
    if not os.path.exists(path + ".so") or open(path).read() != program:
        open(path, "w").write(program)
        subprocess.run(["bash", os.path.join(oracle, "compile.sh"), path, path + ".so"], check=True, env={**os.environ, "EXTRA": "-O0"})
    lib = ctypes.CDLL(path + ".so")
    lib.bs_model_construct.restype = ctypes.c_void_p
    D = ctypes.POINTER(ctypes.c_double)
    results = []
    for c in all_cases:
        data = {"k": c["k"], "d": (c["data"]["d"] + [0.0] * 64)[:64], "n": (c["data"]["n"] + [0] * 16)[:16]}
        x = (c["data"]["x"] + [0.1] * 64)[:64]
        err = ctypes.c_char_p()
        m = lib.bs_model_construct(json.dumps(data).encode(), 1, ctypes.byref(err))
        assert m, err.value
        u = (ctypes.c_double * 64)(*x)
        lp, g = ctypes.c_double(), (ctypes.c_double * 64)()
        code = lib.bs_log_density_gradient(ctypes.c_void_p(m), True, True, u, ctypes.byref(lp), g, ctypes.byref(err))
        used = len(c["data"]["x"])
        r = {"f": c["f"], "args": c["args"]}
        if code:
            r["error"] = err.value.decode()
            print(c["f"], r["error"], file=sys.stderr)
        else:
            r["value"], r["grad"] = lp.value, list(g)[:used]
        lib.bs_model_destruct(ctypes.c_void_p(m))
        if math.isfinite(r.get("value", 0)):
            results.append(r)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "stan_values.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(r) for r in results) + "\n]\n")


main()
