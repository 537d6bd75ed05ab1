functions {
  real early(real x) {
    if (x < -0.5) return -x;
    else if (x < 0.5) {
      real y = 2 * x;
      return y * y;
    }
    return exp(x);
  }
  vector clip(vector x, real a) {
    vector[size(x)] y = x;
    for (i in 1 : size(x)) {
      if (y[i] > a) {
        y[i] = a + 0.1 * (y[i] - a);
        continue;
      }
      y[i] += 0.5;
    }
    return y;
  }
  int first_above(vector x, real a) {
    for (i in 1 : size(x)) {
      if (x[i] > a) return i;
    }
    return 0;
  }
  real power(real x, int n) {
    if (n == 0) return 1;
    return x * power(x, n - 1);
  }
  real wobble_lpdf(real y, real m) {
    return -abs(y - m) + normal_lupdf(y | m, 2);
  }
  void bump_lp(real a) {
    if (a > 0) target += -a;
    else a ~ normal(1, 2);
  }
  real down(data real h, real x) {
    real s = 0;
    real y = x;
    for (k in 1 : 6) {
      y = y / 2;
      if (y < h) break;
      s += y * k;
      if (s > 2) {
        s += 100 * square(s - 2);
        break;
      }
    }
    return s;
  }
}
data {
  int N;
  vector[N] y;
  array[N] int g;
}
transformed data {
  matrix[2, N] m;
  array[3] int idx = {3, 1, 2};
  for (n in 1 : N) {
    m[1, n] = n;
    m[2, n] = y[n];
  }
}
parameters {
  vector[3] a;
  real b;
  real<lower=0> s;
  matrix[2, 3] q;
}
transformed parameters {
  vector[3] c = clip(a, 0.2);
  vector[3] d;
  real<lower=0> e = s + 0.1;
  d[idx] = a;
  d[2 : 3] += b;
}
model {
  vector[3] w = rep_vector(0, 3);
  real acc = 0;
  target += early(b);
  for (i in 1 : 3) target += early(a[i]) * i;
  target += sum(c) + dot_product(d, [1, 2, 3]);
  b ~ wobble(a[1]);
  target += wobble_lpdf(a[2] | b);
  bump_lp(a[1]);
  bump_lp(b);
  target += down(0.05, s);
  target += power(b, 5) * 0.01;
  if (b > 0 && a[1] / b > 1) {
    w[1] = log(b);
    acc += sqrt(b);
  } else if (b <= 0 || a[2] > 1) {
    w = a .* a;
  }
  target += -sum(w) + acc;
  target += b > 0 ? log(b) : -square(b);
  for (n in 1 : N) {
    real mu = a[g[n]];
    if (y[n] > 1) mu += b;
    y[n] ~ normal(mu, s);
  }
  {
    int k = 1;
    while (k <= 3) {
      if (k == 2) {
        k += 1;
        continue;
      }
      target += -square(q[1, k]) - q[2, k] ^ 4;
      k += 1;
    }
  }
  target += -sum((q * q')[1 : 2, 2] .* [1, 2]') + q[ : , 2]' * q[ : , {1, 3}] * [1, -1]';
  q[2, 2] ~ normal(0, 1) T[-1, ];
  q[1, 2] ~ logistic(b, s) T[ , 3];
  s ~ gamma(2, 3) T[0.01, 20];
  3 ~ poisson(s) T[1, ];
  3 ~ poisson(s) T[ , 5];
  3 ~ poisson(s) T[2, 5];
  if (fmax(a[1], a[2]) > 0.3) {
    if (a[3] > 5) reject("too large: ", a[3]);
    target += a[1] * a[2];
  }
  target += first_above(a, 0) * b;
}
generated quantities {
  int first = first_above(a, 0);
  real z = normal_rng(b, s);
  array[2] int r = {poisson_rng(s), bernoulli_rng(0.3)};
  vector[3] sorted = sort_asc(a);
}
