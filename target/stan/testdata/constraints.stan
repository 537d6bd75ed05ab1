parameters { cholesky_factor_corr[3] L; corr_matrix[3] C; cov_matrix[3] S; cholesky_factor_cov[4,3] F; unit_vector[3] u; sum_to_zero_vector[4] z; sum_to_zero_matrix[3,4] Z; column_stochastic_matrix[3,4] A; row_stochastic_matrix[3,4] B; array[2] simplex[3] s; matrix<lower=0>[2,3] q; array[2] vector<lower=0,upper=3>[2] w; array[2] cov_matrix[2] T; real<offset=1,multiplier=2> o; simplex[4] s1;}
model { 
 target += sum(L) + 2*sum(C) ; for (i in 1:3) for (j in 1:3) target += -0.1*(i+2*j)*square(S[i,j]-i) + 0.3*i*j*C[i,j]*L[i,j];
 for (i in 1:4) for (j in 1:3) target += -0.1*(i+3*j)*square(F[i,j]);
 for (i in 1:3) for (j in 1:4) target += -0.1*(i+3*j)*square(Z[i,j]-1) + i*j*A[i,j] + (i+3*j)*square(B[i,j]);
 target += u[1]*u[2]+u[3]-sum(square(z-[1,2,3,4]'));
 for (i in 1:2) target += log(s[i,1])*i+ dot_product(s[i],[1,2,3]) - i*w[i,1]*w[i,2]-T[i,1,1]^2-T[i,1,2]-i*T[i,2,2];
 for (i in 1:2) for (j in 1:3) target += -i*j*q[i,j];
 o ~ normal(0,1); s1 ~ dirichlet([1,2,3,4]');
}
