package main

import (
	"errors"
	"fmt"
	"os"

	"wgf/flow"
)

// resume lets a planned flow go on from the checkpoint that was named.
func (c flowCmd) resume(p *flow.Planned) error {
	if c.Resume == "" {
		return nil
	}
	data, err := os.ReadFile(c.Resume)
	if err != nil {
		return err
	}
	err = p.Resume(data)
	var refusal flow.Refusal
	switch {
	case errors.As(err, &refusal):
		return coded{exitUsage, fmt.Errorf("--resume %s: %w", c.Resume, err)}
	case err != nil:
		return fmt.Errorf("%s: %w", c.Resume, err)
	}
	return nil
}
