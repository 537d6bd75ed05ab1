package tape

import "fmt"

// tangents appends to the graph the derivatives of outs along the direction whose component k is input inputs+k:
// forward accumulation, every node after its operands.
//
// Masks need nothing of their own. Of a branch that is not taken the tangents of values may be anything, but a Select
// drops them; adjoints are zero there, with tangents zero, and the zero-safe product keeps both.
func (g *graph) tangents(outs []Num, inputs int, second Second) ([]Num, error) {
	live := g.live(outs)
	f := &forward{g: g, of: make([]Num, len(g.nodes)), second: second, rows: make(map[row]int32)}
	mask := g.mask
	g.mask = false
	defer func() { g.mask = mask }()
	for id := range live {
		if !live[id] {
			continue
		}
		n := g.nodes[id]
		if n.op == opInput {
			f.of[id] = g.add(opInput, n.a+int32(inputs), 0, 0)
			continue
		}
		moving := false
		g.operands(&n, func(r int32) { moving = moving || !f.still(f.tangent(r)) })
		if !moving {
			continue
		}
		t, err := f.node(int32(id), n)
		if err != nil {
			return nil, err
		}
		f.of[id] = t
	}
	along := make([]Num, len(outs))
	for i, o := range outs {
		if o.Ref != 0 {
			along[i] = f.of[o.Ref]
		}
	}
	return along, nil
}

// forward has the tangents of nodes, 0 unless they depend on inputs.
type forward struct {
	g      *graph
	of     []Num
	second Second
	rows   map[row]int32 // functions whose partial derivatives are second ones
}

// row is a partial derivative of a function.
type row struct{ fn, k int32 }

func (f *forward) tangent(ref int32) Num {
	if ref > 0 {
		return f.of[ref]
	}
	return Num{}
}

func (f *forward) still(t Num) bool { return t.Ref == 0 && t.V == 0 }

// times is the product of a tangent with a partial derivative: 0 for a tangent that is 0.
func (f *forward) times(t, partial Num) Num {
	if f.still(t) {
		return t
	}
	return f.g.product(t, partial)
}

// both is a*ta + b*tb.
func (f *forward) both(a, ta, b, tb Num) Num { return f.g.op2(Add, f.times(ta, a), f.times(tb, b)) }

// node gives the tangent of a node of which some operand has a tangent.
func (f *forward) node(id int32, n node) (Num, error) {
	switch n.op {
	case opLin:
		return f.linear(n), nil
	case opCall:
		return f.call(n.a, n.b), nil
	case opPartial:
		fn, err := f.row(row{n.b, n.c})
		if err != nil {
			return Num{}, err
		}
		return f.call(n.a, fn), nil
	case opMaxN, opMinN:
		return Num{}, nil
	}
	switch n.op.arity() {
	case 1:
		return f.unary(id, n), nil
	case 2:
		return f.binary(id, n)
	}
	return f.ternary(n)
}

func (f *forward) linear(n node) Num {
	var l linear
	coefs := f.g.linCoefs(&n)
	for k, r := range f.g.items(n.a) {
		if t := f.of[r]; !f.still(t) {
			l.include(t, coefAt(coefs, k))
		}
	}
	return l.record(f.g)
}

// call is the tangent of a call: the sum of its partial derivatives times the tangents of the arguments.
func (f *forward) call(list, fn int32) Num {
	var sum Num
	for k, r := range f.g.items(list) {
		if t := f.tangent(r); !f.still(t) {
			sum = f.g.op2(Add, sum, f.times(t, f.g.add(opPartial, list, fn, int32(k))))
		}
	}
	return sum
}

// row is a function whose partial derivatives are those of a partial derivative.
func (f *forward) row(r row) (int32, error) {
	if fn, known := f.rows[r]; known {
		return fn, nil
	}
	name := f.g.funcs[r.fn].Name
	rows := f.second[name]
	if int(r.k) >= len(rows) || rows[r.k] == nil {
		return 0, fmt.Errorf("the function %s has no second derivative by argument %d", name, r.k+1)
	}
	fn := f.g.function(&Func{Name: name, Partials: rows[r.k]})
	f.rows[r] = fn
	return fn, nil
}

func (f *forward) unary(id int32, n node) Num {
	g := f.g
	x, t := g.num(n.a), f.of[n.a]
	switch n.op {
	case Neg:
		return g.op1(Neg, t)
	case Square:
		return g.product(Const(2), g.product(t, x))
	}
	p, coef := g.partial1(n.op, Num{Ref: Ref(id)}, x)
	if coef == 0 {
		return Num{}
	}
	return g.product(Const(coef), g.product(t, p))
}

func (f *forward) ternary(n node) (Num, error) {
	g := f.g
	a, b := g.num(n.a), g.num(n.b)
	ta, tb, tc := f.tangent(n.a), f.tangent(n.b), f.tangent(n.c)
	switch n.op {
	case FMA:
		return g.op2(Add, f.both(b, ta, a, tb), tc), nil
	case Select:
		return g.op3(Select, a, tb, tc), nil
	}
	return Num{}, fmt.Errorf("the operation %s has no second derivative", n.op)
}

func (f *forward) binary(id int32, n node) (Num, error) {
	g := f.g
	x, y, v := g.num(n.a), g.num(n.b), Num{Ref: Ref(id)}
	tx, ty := f.tangent(n.a), f.tangent(n.b)
	switch n.op {
	case Add:
		return g.op2(Add, tx, ty), nil
	case Sub:
		return g.op2(Sub, tx, ty), nil
	case Mul:
		return f.both(y, tx, x, ty), nil
	case opMulZ:
		return g.op2(Add, g.op2(opMulZ, tx, y), g.op2(opMulZ, x, ty)), nil
	case opMaxStop:
		// The maximum that log-sum-exp subtracts cancels, whatever its tangent. The sum of exponentials, which is at
		// least 1 unless all of them are 0, passes its tangent on.
		if y == Const(1) {
			return tx, nil
		}
		return Num{}, nil
	case Min:
		return g.op3(Select, g.op2(LE, x, y), tx, ty), nil
	case Max:
		return g.op3(Select, g.op2(LE, y, x), tx, ty), nil
	case Pow:
		var byX, byY Num
		if !f.still(tx) {
			byX = f.times(tx, g.product(y, g.power(x, g.op2(Sub, y, Const(1)))))
		}
		if !f.still(ty) {
			byY = f.times(ty, g.op2(opMulZ, v, g.op1(Log, x)))
		}
		return g.op2(Add, byX, byY), nil
	case Polygamma:
		return f.times(ty, g.op2(Polygamma, g.op2(Add, x, Const(1)), y)), nil
	case Atan2:
		r := g.op1(Inv, g.op2(Add, g.op1(Square, x), g.op1(Square, y)))
		return g.product(g.op2(Sub, f.times(tx, y), f.times(ty, x)), r), nil
	case Hypot:
		return g.product(f.both(x, tx, y, ty), g.op1(Inv, v)), nil
	case Fmod:
		return g.op2(Sub, tx, f.times(ty, g.op1(Trunc, g.quotient(x, y)))), nil
	case LT, LE, GT, GE, EQ, NE, And, Or:
		return Num{}, nil
	}
	return Num{}, fmt.Errorf("the operation %s has no second derivative", n.op)
}
