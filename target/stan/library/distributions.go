package library

// distributions lists all distributions, one a line.
func distributions() []Distribution {
	return []Distribution{
		normal,
	}
}
