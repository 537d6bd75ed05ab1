package main

import (
	"fmt"
	"strings"
)

// goLoops writes the elementwise kernels in plain Go.
func goLoops() string {
	var w strings.Builder
	header(&w, "simd")
	w.WriteString("import \"math\"\n\n")
	for _, o := range elementwise {
		for _, k := range o.kinds {
			goLoop(&w, o, k)
		}
	}
	table(&w, "rowsGo", "Go")
	return w.String()
}

func goLoop(w *strings.Builder, o op, kinds string) {
	fmt.Fprintf(w, "func %s(p *RowArgs) {\n\tfor r := range p.Rows {\n\t\td := rowOf(p.Dst, r, p.Cols, p.Cols)\n", kernelName(o.name, kinds, "Go"))
	var vectors strings.Builder
	for i, k := range kinds {
		lower, upper := "abc"[i:i+1], "ABC"[i:i+1]
		if k == 'C' {
			fmt.Fprintf(w, "\t\t%s := numberOf(p.%s, r, p.S%s)\n", lower, upper, upper)
			continue
		}
		fmt.Fprintf(w, "\t\t%ss := rowOf(p.%s, r, p.S%s, p.Cols)[:len(d)]\n", lower, upper, upper)
		fmt.Fprintf(&vectors, "\t\t\t%s := %ss[j]\n", lower, lower)
	}
	fmt.Fprintf(w, "\t\tfor j := range d {\n%s", vectors.String())
	statements := strings.Replace(o.expr, "z = ", "z := ", 1)
	if !strings.Contains(o.expr, ";") {
		statements = strings.Replace(o.expr, "z = ", "d[j] = ", 1)
		fmt.Fprintf(w, "\t\t\t%s\n", statements)
	} else {
		statements = strings.Replace(statements, "z := 0;", "z := 0.0;", 1)
		fmt.Fprintf(w, "\t\t\t%s\n\t\t\td[j] = z\n", strings.ReplaceAll(statements, "; ", "\n\t\t\t"))
	}
	w.WriteString("\t\t}\n\t}\n}\n\n")
}

// table writes the table of the kernels of one variant.
func table(w *strings.Builder, name, variant string) {
	fmt.Fprintf(w, "var %s = rowTable{\n", name)
	for _, list := range [][]op{elementwise, others} {
		for _, o := range list {
			fmt.Fprintf(w, "\tRow%s: {", o.name)
			for i, k := range o.kinds {
				if i > 0 {
					w.WriteString(", ")
				}
				fmt.Fprintf(w, "%d: %s", tableIndex(k), kernelName(o.name, k, variant))
			}
			w.WriteString("},\n")
		}
	}
	w.WriteString("}\n")
}
