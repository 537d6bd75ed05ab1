// Package flow lets functional, geometry and scheme meet: it checks that a triple is
// possible, runs it, records it, and names the known ones.
package flow
