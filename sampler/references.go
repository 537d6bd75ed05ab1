package sampler

// References returns the works that the method of Run stands on, one line each.
func References() []string {
	return []string{
		"Robnik, De Luca, Silverstein, Seljak, \"Microcanonical Hamiltonian Monte Carlo\", JMLR 24 (2023), arXiv:2212.08549: the isokinetic dynamics.",
		"The Metropolis-adjusted microcanonical sampler (MAMS), arXiv:2503.01707: the adjusted kernel.",
		"The late-adjusted parallel sampler (LAPS), arXiv:2601.16696: an ensemble that is unadjusted first and adjusted later.",
		"Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari, Gelman, \"Nested R-hat\", Bayesian Analysis (2024), arXiv:2110.13017: superchains and the test of agreement.",
		"Vehtari, Gelman, Simpson, Carpenter, Buerkner, \"Rank-normalization, folding, and localization: an improved R-hat\", Bayesian Analysis 16 (2021), arXiv:1903.08008: the columns of the table.",
	}
}
