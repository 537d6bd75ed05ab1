package geometry

// Catalogue lists all that can be asked for by name, in the order of the alphabet.
func Catalogue() []Entry {
	return []Entry{
		buresEntry(),
		buresEntropyEntry(),
		buresPreconditionedEntry(),
		fisherRaoEntry(),
		kalmanEntry(),
		mirrorEntry(),
		steinEntry(),
		steinBilinearEntry(),
		steinNormalisedEntry(),
		steinPreconditionedEntry(),
		wassersteinEntry(),
		wfrEntry(),
	}
}
