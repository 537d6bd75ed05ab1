package functional

// Catalogue lists all that can be asked for by name, in the order of the alphabet.
func Catalogue() []Entry {
	return []Entry{
		blobEntry(),
		energyEntry(),
		gfsdEntry(),
		interactionEntry(),
		kaleEntry(),
		kklEntry(),
		klEntry(),
		ksdEntry(),
		miedEntry(),
		mmdEntry(),
		potentialEntry(),
		sinkhornEntry(),
		slicedEnergyEntry(),
		slicedWassersteinEntry(),
	}
}
