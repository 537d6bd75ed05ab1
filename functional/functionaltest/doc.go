// Package functionaltest holds every functional to its contract, those of a user too.
package functionaltest
