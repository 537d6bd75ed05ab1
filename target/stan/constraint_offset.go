package stan

import (
	"math"

	"wgf/internal/tape"
)

// affine is <offset=O, multiplier=M>: y = O + M x with log|J| = log M. It admits every value; it only changes the
// scale on which a sampler works.
type affine struct {
	v             *variable
	offset, scale tape.Num
}

func (a affine) constrain(m *machine, x tape.Num) (y, jacobian tape.Num) {
	if !(a.scale.Ref != 0 && m.ctx.T.Positive(a.scale)) {
		m.require(a.v.pos, rejected, m.op2(tape.GT, a.scale, tape.Num{}), func() string {
			return must("positive finite", a.scale, "the multiplier of "+a.v.name)
		})
	}
	if a.offset.Ref == 0 && (math.IsNaN(a.offset.V) || math.IsInf(a.offset.V, 0)) {
		fail(rejected, a.v.pos, "%s", must("finite", a.offset, "the offset of "+a.v.name))
	}
	y = m.op2(tape.Add, a.offset, m.op2(tape.Mul, a.scale, x))
	return y, m.op1(tape.Log, a.scale)
}

func (a affine) unconstrain(y float64) float64 { return (y - a.offset.V) / a.scale.V }

func (a affine) check(*machine, tape.Num, needFn) {}
