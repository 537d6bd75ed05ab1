// Effects of coaching in eight schools (Rubin 1981), non-centred.
data {
  int<lower=0> J;
  array[J] real y;                      // estimated effect
  array[J] real<lower=0> sigma;         // its standard error
}
parameters {
  vector[J] theta_trans;
  real mu;
  real<lower=0> tau;
}
transformed parameters {
  vector[J] theta = mu + tau * theta_trans;
}
model {
  theta_trans ~ normal(0, 1);
  mu ~ normal(0, 5);
  tau ~ cauchy(0, 5);
  y ~ normal(theta, sigma);
}
generated quantities {
  real best = max(theta);               // the effect in the best school
  array[J] real y_rep = normal_rng(theta, sigma);
}
