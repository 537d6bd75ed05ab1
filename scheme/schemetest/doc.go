// Package schemetest holds every scheme to its contract, those of a user too.
package schemetest
