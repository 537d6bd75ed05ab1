functions {
  real neg_lb_jacobian(real x, real b) {
    jacobian += x;
    return b - exp(x);
  }
  array[] vector pairs(matrix m) {
    array[rows(m)] vector[cols(m)] out;
    for (i in 1 : rows(m)) out[i] = m[i]';
    return out;
  }
  real twice_lpmf(array[] int k, vector p) {
    real total = 0;
    for (i in 1 : size(k)) total += categorical_lupmf(k[i] | p);
    return 2 * total;
  }
  vector standardize(vector x) {
    return (x - mean(x)) / sd(x);
  }
  void add_prior_lp(vector x, data real s) {
    x ~ normal(0, s);
    target += -0.1 * dot_self(x);
  }
}
data {
  int<lower=1> N;
  int<lower=1> J;
  array[N] int<lower=1, upper=J> g;
  vector[N] x;
  array[N] int<lower=0> k;
  array[N] int<lower=0, upper=1> b;
  vector[J] lo;
  matrix[J, J] S;
  array[2, J] real<lower=-1> a3;
}
transformed data {
  vector[N] xs = standardize(x);
  array[J] int count = rep_array(0, J);
  real huge = positive_infinity();
  matrix[N, 2] X = append_col(rep_vector(1, N), xs);
  for (n in 1 : N) count[g[n]] += 1;
}
parameters {
  real mu;
  real<lower=0> tau;
  vector<offset=mu, multiplier=tau>[J] eta;
  vector<lower=lo>[J] v;
  vector<lower=lo, upper=lo + 2>[J] w;
  real<lower=-huge, upper=huge> free;
  real<lower=negative_infinity(), upper=1> top;
  array[2] matrix<upper=0>[2, 2] M;
  array[2, 3] real<lower=-1, upper=tau> r;
  array[2] simplex[J] p;
  cholesky_factor_corr[J] L;
  real raw;
  row_vector[2] beta;
  ordered[J - 1] cut;
}
transformed parameters {
  real<upper=4> nl = neg_lb_jacobian(raw, 4);
  matrix[J, J] Sigma = quad_form_diag(multiply_lower_tri_self_transpose(L), exp(v / 10));
  array[2] vector[2] rows = pairs(M[1]);
  vector[N] lin;
  profile("linear") {
    lin = X * beta' + eta[g];
  }
}
model {
  mu ~ normal(0, 2);
  tau ~ student_t(4, 0, 1);
  eta ~ normal(mu, tau);
  v ~ gamma(2 + lo, 1.5);
  w ~ double_exponential(lo + 1, 0.5);
  free ~ std_normal();
  -top ~ lognormal(0, 1);
  for (i in 1 : 2) to_vector(M[i]) ~ normal(-1, i);
  for (i in 1 : 2) r[i] ~ normal(a3[i, 1 : 3], {1, 2, 3});
  p[1] ~ dirichlet(rep_vector(1.5, J));
  g ~ twice(p[2]);
  target += twice_lpmf(g | p[1]);
  target += 2 * sum(log(diagonal(L)));
  nl ~ normal(0, 1);
  add_prior_lp(beta', 1.5);
  k ~ poisson_log(lin);
  b ~ bernoulli_logit(lin - free);
  k ~ neg_binomial_2(exp(lin), tau);
  lo ~ multi_normal(eta, Sigma + S);
  target += log_sum_exp(lin) - log1m_exp(-tau) + sum(log_softmax(eta)[2 : ]);
  target += sum(rows[1] .* rows[2]) + trace(M[1] * M[2]) - distance(eta, v);
  for (n in 1 : N) {
    target += log_mix(inv_logit(mu), normal_lpdf(x[n] | mu, tau), cauchy_lpdf(x[n] | 0, 1));
    if (k[n] > 1) target += beta_lupdf(inv_logit(lin[n]) | 2, 3);
  }
  cut ~ normal(0, 3);
  target += -square(cumulative_sum(v)[J]) + max(w) * min(v);
  target += (mu > 0 ? eta : v)[1] + fmin(mu, free) + (tau > 1 && mu < 0 ? 1.0 : 2) * mu;
}
