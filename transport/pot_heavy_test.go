//go:build heavy

package transport_test

const heavy = true
