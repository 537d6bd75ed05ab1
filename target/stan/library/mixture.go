package library

import (
	"math"

	"wgf/internal/tape"
	"wgf/target/stan/syntax"
)

// logMix is log_mix: the log density of a mixture,
//
//	log_mix(theta, a, b) = log(theta exp(a) + (1-theta) exp(b))
//	log_mix(theta, lambda) = log sum_k theta_k exp(lambda_k),   for arrays of lambda their sum
func logMix() *Function {
	s := sigs("real, real, real => real", "vector|row_vector|array[] real, vector|row_vector|array[] real|array[] vector|array[] row_vector => real")
	return &Function{"log_mix", s, func(c *Context, a []Value) (Value, error) {
		if len(a) == 3 {
			theta := a[0].Num()
			if err := c.check("log_mix", "theta", probability, []tape.Num{theta}, false); err != nil {
				return Value{}, err
			}
			// log(1-theta) of theta = inv_logit(x) is exact to the last digits even close to 1
			return Scalar(c.logSumExp([]tape.Num{c.add(c.log(theta), a[1].Num()), c.add(c.log1m(theta), a[2].Num())})), nil
		}
		theta, lambda := a[0].Nums(), a[1]
		if err := c.check("log_mix", "theta", probability, theta, true); err != nil {
			return Value{}, err
		}
		components := []Value{lambda}
		if lambda.Type.ArrayDims > 0 && lambda.Type.Kind != syntax.Real {
			components = nil
			for i := range lambda.Dims[0] {
				components = append(components, lambda.Element(i))
			}
		}
		logs := make([]tape.Num, len(theta))
		for k := range theta {
			logs[k] = c.log(theta[k])
		}
		total := num(0)
		for _, v := range components {
			if v.Len() != len(theta) {
				return Value{}, sizeMismatch("log_mix", "theta", len(theta), "lambda", v.Len())
			}
			terms := make([]tape.Num, len(theta))
			for k := range terms {
				terms[k] = c.add(logs[k], v.At(k))
			}
			total = c.add(total, c.logSumExp(terms))
		}
		return Scalar(total), nil
	}}
}

// fmaFunction is fma(x, y, z) = x*y + z; scalars pair with every number of the other arguments.
func fmaFunction() *Function {
	lines := []string{"real, real, real => real"}
	for _, t := range []string{"vector", "row_vector", "matrix"} {
		arg := "real|" + t
		lines = append(lines, arg+", "+arg+", "+arg+" => "+t)
	}
	return &Function{"fma", sigs(lines...), func(c *Context, a []Value) (Value, error) {
		like := a[0]
		for _, v := range a[1:] {
			switch {
			case v.IsScalar():
			case like.IsScalar():
				like = v
			case !SameDims(like, v):
				return Value{}, sizeMismatch("fma", "size of one argument", like.Len(), "size of another", v.Len())
			}
		}
		at := func(v Value, i int) tape.Num {
			if v.IsScalar() {
				return v.Num()
			}
			return v.At(i)
		}
		out := New(toReal(like.Type), like.Dims...)
		for i := range out.Data {
			x, y, z := at(a[0], i), at(a[1], i), at(a[2], i)
			if x.Ref == 0 && y.Ref == 0 && z.Ref == 0 {
				out.Data[i] = math.FMA(x.V, y.V, z.V)
				continue
			}
			out.Set(i, c.T.Op3(tape.FMA, x, y, z))
		}
		return out, nil
	}}
}

// gpExpQuadCov is the exponentiated quadratic covariance: alpha^2 exp(-|x_i - x_j|^2 / (2 rho^2)), with one length
// scale, or one for each coordinate.
func gpExpQuadCov() *Function {
	s := sigs("array[] real|array[] vector, real, real => matrix", "array[] vector, real, array[] real => matrix",
		"array[] real, array[] real, real, real => matrix", "array[] vector, array[] vector, real, real|array[] real => matrix")
	return &Function{"gp_exp_quad_cov", s, func(c *Context, a []Value) (Value, error) {
		x, y := a[0], a[0]
		if len(a) == 4 {
			y = a[1]
		}
		alpha, rho := a[len(a)-2].Num(), a[len(a)-1]
		if err := c.check("gp_exp_quad_cov", "magnitude", positiveFinite, []tape.Num{alpha}, false); err != nil {
			return Value{}, err
		}
		if err := c.check("gp_exp_quad_cov", "length scale", positiveFinite, rho.Nums(), !rho.IsScalar()); err != nil {
			return Value{}, err
		}
		dim := 1
		if len(x.Dims) == 2 {
			dim = x.Dims[1]
			if y.Dims[1] != dim {
				return Value{}, sizeMismatch("gp_exp_quad_cov", "x1's row", dim, "x2's row", y.Dims[1])
			}
		}
		if !rho.IsScalar() && rho.Len() != dim {
			return Value{}, sizeMismatch("gp_exp_quad_cov", "x dimension", dim, "number of length scales", rho.Len())
		}
		weights := make([]tape.Num, rho.Len())
		for k := range weights {
			weights[k] = c.scale(-0.5, c.inv(c.square(rho.At(k))))
		}
		variance := c.square(alpha)
		value := func(i, j int) tape.Num {
			d := make([]tape.Num, dim)
			for k := range d {
				d[k] = c.square(c.sub(x.At(i*dim+k), y.At(j*dim+k)))
			}
			var exponent tape.Num
			if len(weights) == 1 {
				exponent = c.mul(weights[0], c.sum(d))
			} else {
				exponent = c.dot(weights, d)
			}
			return c.mul(variance, c.exp(exponent))
		}
		if len(a) == 4 {
			return fill(x.Dims[0], y.Dims[0], value), nil
		}
		n := x.Dims[0]
		out := New(MatrixType, n, n)
		for i := range n {
			out.Set(i*n+i, variance)
			for j := range i {
				v := value(i, j)
				out.Set(i*n+j, v)
				out.Set(j*n+i, v)
			}
		}
		return out, nil
	}}
}
