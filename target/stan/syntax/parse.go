package syntax

// ParseOptions says how a program is read.
type ParseOptions struct {
	// Include returns the text of a file named by #include; nil: #include is an error.
	Include func(name string) ([]byte, error)
}
