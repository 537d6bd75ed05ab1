// Logistic regression of credit risk on 24 standardised attributes.
// Prior: normal(0, 1) on the intercept and on every coefficient.
data {
  int<lower=0> N;                       // applicants
  int<lower=1> D;                       // attributes
  matrix[N, D] X;                       // raw attributes
  array[N] int<lower=0, upper=1> y;     // 1: bad risk
}
transformed data {
  matrix[N, D] Xs;                      // standardised columns
  for (d in 1:D) {
    Xs[:, d] = (X[:, d] - mean(X[:, d])) / sd(X[:, d]);
  }
}
parameters {
  real alpha;
  vector[D] beta;
}
model {
  alpha ~ normal(0, 1);
  beta ~ normal(0, 1);
  y ~ bernoulli_logit(alpha + Xs * beta);
}
