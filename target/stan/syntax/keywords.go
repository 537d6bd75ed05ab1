package syntax

import "strings"

// typeKeyword describes a word that starts the type of a declaration.
type typeKeyword struct {
	kind       Kind
	constraint ConstraintKind
	minSizes   int
	maxSizes   int
}

// typeOfKeyword returns what a word means as a type; array and tuple are not among them.
func typeOfKeyword(word string) (typeKeyword, bool) {
	switch word {
	case "int":
		return typeKeyword{kind: Int}, true
	case "real":
		return typeKeyword{kind: Real}, true
	case "complex":
		return typeKeyword{kind: Complex}, true
	case "vector":
		return typeKeyword{Vector, NoConstraint, 1, 1}, true
	case "row_vector":
		return typeKeyword{RowVector, NoConstraint, 1, 1}, true
	case "matrix":
		return typeKeyword{Matrix, NoConstraint, 2, 2}, true
	case "complex_vector":
		return typeKeyword{ComplexVector, NoConstraint, 1, 1}, true
	case "complex_row_vector":
		return typeKeyword{ComplexRowVector, NoConstraint, 1, 1}, true
	case "complex_matrix":
		return typeKeyword{ComplexMatrix, NoConstraint, 2, 2}, true
	case "simplex":
		return typeKeyword{Vector, Simplex, 1, 1}, true
	case "unit_vector":
		return typeKeyword{Vector, UnitVector, 1, 1}, true
	case "ordered":
		return typeKeyword{Vector, Ordered, 1, 1}, true
	case "positive_ordered":
		return typeKeyword{Vector, PositiveOrdered, 1, 1}, true
	case "sum_to_zero_vector":
		return typeKeyword{Vector, SumToZeroVector, 1, 1}, true
	case "sum_to_zero_matrix":
		return typeKeyword{Matrix, SumToZeroMatrix, 2, 2}, true
	case "column_stochastic_matrix":
		return typeKeyword{Matrix, ColumnStochastic, 2, 2}, true
	case "row_stochastic_matrix":
		return typeKeyword{Matrix, RowStochastic, 2, 2}, true
	case "cholesky_factor_corr":
		return typeKeyword{Matrix, CholeskyFactorCorr, 1, 1}, true
	case "cholesky_factor_cov":
		return typeKeyword{Matrix, CholeskyFactorCov, 1, 2}, true
	case "corr_matrix":
		return typeKeyword{Matrix, CorrMatrix, 1, 1}, true
	case "cov_matrix":
		return typeKeyword{Matrix, CovMatrix, 1, 1}, true
	}
	return typeKeyword{}, false
}

// isTypeWord tells whether a word starts a type.
func isTypeWord(word string) bool {
	_, ok := typeOfKeyword(word)
	return ok || word == "array" || word == "tuple"
}

// reservedName says why a word cannot be a name, "" if it can.
func reservedName(word string) string {
	if strings.HasSuffix(word, "__") {
		return "names that end in two underscores are reserved"
	}
	switch word {
	case "functions", "data", "parameters", "model", "transformed", "generated", "quantities",
		"void", "for", "in", "while", "repeat", "until", "if", "then", "else", "true", "false",
		"break", "continue", "return", "print", "reject", "fatal_error", "profile", "target", "jacobian",
		"lower", "upper", "offset", "multiplier",
		"var", "auto", "export", "extern", "static", "struct", "typedef":
		return "the word is reserved"
	}
	if isTypeWord(word) {
		return "the word is reserved"
	}
	return ""
}
