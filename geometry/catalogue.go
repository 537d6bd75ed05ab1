package geometry

// Catalogue lists all that can be asked for by name, in the order of the alphabet.
func Catalogue() []Entry {
	return []Entry{
		buresEntry(),
		fisherRaoEntry(),
		kalmanEntry(),
		steinEntry(),
		wassersteinEntry(),
		wfrEntry(),
	}
}
