package simd

import "math"

// Exp writes exp(x[i]) to dst[i].
func Exp(dst, x []float64) { sameLen(dst, x); each(dst, x, math.Exp) }

// Log writes log(x[i]) to dst[i].
func Log(dst, x []float64) { sameLen(dst, x); each(dst, x, math.Log) }

// Log1p writes log(1+x[i]) to dst[i].
func Log1p(dst, x []float64) { sameLen(dst, x); each(dst, x, math.Log1p) }

// Expm1 writes exp(x[i])-1 to dst[i].
func Expm1(dst, x []float64) { sameLen(dst, x); each(dst, x, math.Expm1) }

// Log1pExp writes log(1+exp(x[i])) to dst[i].
func Log1pExp(dst, x []float64) { sameLen(dst, x); each(dst, x, log1pExp) }

// InvLogit writes 1/(1+exp(-x[i])) to dst[i].
func InvLogit(dst, x []float64) { sameLen(dst, x); each(dst, x, invLogit) }

// Tanh writes tanh(x[i]) to dst[i].
func Tanh(dst, x []float64) { sameLen(dst, x); each(dst, x, math.Tanh) }

// Lgamma writes log|Gamma(x[i])| to dst[i].
func Lgamma(dst, x []float64) { sameLen(dst, x); each(dst, x, lgamma) }

// Digamma writes the derivative of log Gamma at x[i] to dst[i].
func Digamma(dst, x []float64) { sameLen(dst, x); each(dst, x, digamma) }

// Sqrt writes the square root of x[i] to dst[i].
func Sqrt(dst, x []float64) { sameLen(dst, x); each(dst, x, math.Sqrt) }
