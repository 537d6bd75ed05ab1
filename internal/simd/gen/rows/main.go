// Command rows generates the row kernels, the matrix product and their tables
// for package simd: plain Go, AVX2 with fused multiply-add, and AVX-512.
//
// Run it in its own directory: go run . -out ../..
package main

import (
	"flag"
	"go/format"
	"log"
	"os"
	"path/filepath"
)

func main() {
	out := flag.String("out", "../..", "directory of package simd")
	flag.Parse()
	writeGo(*out, "zz_rows_go.go", goLoops())
}

func writeGo(dir, name, source string) {
	formatted, err := format.Source([]byte(source))
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), formatted, 0o644); err != nil {
		log.Fatal(err)
	}
}
