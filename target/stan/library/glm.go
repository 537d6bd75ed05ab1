package library

import (
	"strings"

	"wgf/internal/tape"
)

// glm is the part that the generalised linear models share: x is a matrix of n rows or a row vector that stands for
// every row, alpha a scalar or a vector of n intercepts, beta the weights.
type glm struct {
	y     vec   // 1 or n
	alpha vec   // 1 or n
	theta vec   // n: x beta + alpha
	x     Value // as given
	beta  []tape.Num
	rows  int // of x
}

// glmSignatures spells the signatures for a matrix and for a row vector of attributes, without what follows beta.
func glmSignatures(one, many, rest string) []string {
	s := []string{
		one + "|" + many + ", matrix, real|vector, vector" + rest,
		many + ", row_vector, real|vector, vector" + rest,
	}
	for i := range s {
		s[i] = strings.TrimSpace(s[i])
	}
	return s
}

// linearModel reads y, x, alpha and beta, checks the sizes and computes the linear predictor. b.n becomes the number of
// instances. It gives nil where there is nothing to add up.
func (b *builder) linearModel(y, x, alpha, beta Value) *glm {
	rows, cols := shape(x)
	n := rows
	if len(x.Dims) == 1 {
		n = y.Len()
	}
	for _, s := range []struct {
		name string
		v    Value
		n    int
	}{{"Vector of dependent variables", y, n}, {"Weight vector", beta, cols}, {"Vector of intercepts", alpha, n}} {
		b.checkSize(s.name, s.v, s.n)
	}
	if b.err != nil || n == 0 || y.Len() == 0 {
		return nil
	}
	b.n = n
	m := &glm{y: b.vec(y), alpha: b.vec(alpha), x: x, beta: beta.Nums(), rows: rows}
	m.theta = b.Add(vec(product2(b.Context, x, beta, rows, cols, 1)), m.alpha)
	return m
}

// checkSize checks the size of a container.
func (b *builder) checkSize(name string, v Value, n int) {
	if !v.IsScalar() && v.Len() != n {
		b.failf("%s has dimension = %d, expecting dimension = %d; a function was called with arguments of different "+
			"scalar, array, vector, or matrix types, and they were not consistently sized;  all arguments must be scalars "+
			"or multidimensional values of the same shape.", name, v.Len(), n)
	}
}

// plusLinear adds the sum of y theta. For constant x and y it is taken through the sufficient statistics x'y and
// sum y, so that it costs as many operations as there are weights.
func (b *builder) plusLinear(m *glm) {
	if b.drop && constant(m.theta) {
		return
	}
	if !m.x.IsConst() || constant(m.theta) || len(m.alpha) > 1 {
		b.plusProduct(m.y, m.theta)
		return
	}
	cols := len(m.beta)
	statistic := make([]tape.Num, cols)
	total := 0.0
	for i := range b.n {
		y := at(m.y, i).V
		row := m.x.Data
		if m.rows > 1 {
			row = m.x.Data[i*cols:]
		}
		for j := range cols {
			statistic[j].V += float64(y * row[j])
		}
		total += y
	}
	b.terms = append(b.terms, b.dot(statistic, m.beta), b.mul(num(total), m.alpha[0]))
}
