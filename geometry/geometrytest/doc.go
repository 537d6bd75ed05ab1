// Package geometrytest holds every geometry to its contract, those of a user too.
package geometrytest
