//go:build !heavy

package transport_test

// heavy says that the big problems are solved too: go test -tags heavy.
const heavy = false
