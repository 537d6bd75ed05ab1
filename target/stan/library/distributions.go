package library

// distributions lists all distributions, one a line.
func distributions() []Distribution {
	return []Distribution{
		betaDist,
		betaProportion,
		cauchy,
		chiSquare,
		doubleExponential,
		exponential,
		gammaDist,
		gumbel,
		invChiSquare,
		invGamma,
		logistic,
		lognormal,
		normal,
		pareto,
		rayleigh,
		scaledInvChiSquare,
		stdNormal,
		studentT,
		uniform,
		weibull,
	}
}
