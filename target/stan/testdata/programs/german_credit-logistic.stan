data {
  int<lower=0> N;
  int<lower=0> D;
  matrix[N, D] X;
  array[N] int<lower=0, upper=1> y;
}
transformed data {
  matrix[N, D] Xs;
  for (d in 1:D) {
    Xs[ : , d] = (X[ : , d] - mean(X[ : , d])) / sd(X[ : , d]);
  }
}
parameters {
  real alpha;
  vector[D] beta;
}
model {
  alpha ~ normal(0, 1);
  beta ~ normal(0, 1);
  y ~ bernoulli_logit_glm(Xs, alpha, beta);
}
