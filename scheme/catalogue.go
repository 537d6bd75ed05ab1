package scheme

// Catalogue lists all that can be asked for by name, in the order of the alphabet.
func Catalogue() []Entry {
	return []Entry{
		adagradEntry(),
		adamEntry(),
		armijoEntry(),
		birthDeathEntry(),
		eulerEntry(),
		forwardBackwardEntry(),
		forwardBackwardLineEntry(),
		injectionEntry(),
		jkoEntry(),
		jkoLineEntry(),
		langevinEntry(),
		lbfgsEntry(),
		metropolisEntry(),
		momentumEntry(),
		noisySplittingEntry(),
		rmspropEntry(),
		splittingEntry(),
		underdampedEntry(),
	}
}
