package tape

// place is a row of an array.
type place struct{ array, row int32 }

// array is a run of rows. An array that became part of a larger one has a parent and its first row there.
type array struct {
	rows   int32
	parent int32 // -1: none
	off    int32
	kept   bool // has to stay in place: inputs, ones
}

// form says how a step works.
type form uint8

const (
	formOp      form = iota // dst row i = op(args row i)
	formSum                 // dst += sum of the rows of arg 0
	formDot                 // dst += sum of the products of rows of arg 0 and arg 1
	formGather              // dst row i = places[i]
	formProduct             // dst = matrix * rows of arg 0
	formCall                // dst row i = function(places[i*k:(i+1)*k])
	formPartial             // dst row i = partial derivative number[i] of the function at places
)

// operand is what a step reads or writes: rows of an array or numbers.
type operand struct {
	kind   operandKind
	stride int8 // 1: a row (number) for each row of the result, 0: the same one for all
	array  int32
	row    int32 // first row, or first of the constants
}

type operandKind uint8

const (
	absent operandKind = iota
	isRows
	isConst
)

// step is a vector instruction before rows have addresses.
type step struct {
	form   form
	op     Op
	n      int32 // rows of the result (formSum, formDot: rows summed)
	add    bool  // formSum, formDot, formProduct: begin with what is in dst
	dst    operand
	args   [3]operand
	places []place
	index  []int32
	matrix *matrix
	fn     *Func
	tiled  bool // part of a loop over data
}

// matrix is constant data of a product, row-major rows x cols or, transposed, its own transpose in the same memory.
type matrix struct {
	data       []float64
	rows, cols int
	transposed bool // data is cols x rows
	stride     int  // distance of the rows of data, 0: they lie side by side
}

// rolled is the whole program before rows have addresses.
type rolled struct {
	steps  []step
	arrays []array
	consts []float64
	outs   []Num   // constants, or
	places []place // where an output is
}

const (
	inputArray = 0 // the coordinates
	onesArray  = 1 // one row of ones
)

// resolve gives the place in the outermost array.
func (r *rolled) resolve(p place) place {
	for r.arrays[p.array].parent >= 0 {
		a := &r.arrays[p.array]
		p = place{a.parent, p.row + a.off}
	}
	return p
}
