package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// fileSystem is what writing needs of the operating system; tests put failing disks in
// its place.
type fileSystem interface {
	Create(path string) (io.WriteCloser, error) // must not exist yet
	Mkdir(path string) error                    // with parents
	Rename(from, to string) error
	RemoveAll(path string) error
	Stat(path string) (fs.FileInfo, error)
	ReadFile(path string) ([]byte, error)
}

type osFiles struct{}

func (osFiles) Create(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}
func (osFiles) Mkdir(path string) error               { return os.MkdirAll(path, 0o777) }
func (osFiles) Rename(from, to string) error          { return os.Rename(from, to) }
func (osFiles) RemoveAll(path string) error           { return os.RemoveAll(path) }
func (osFiles) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }
func (osFiles) ReadFile(path string) ([]byte, error)  { return os.ReadFile(path) }

// output collects files and directories under temporary names beside their final
// places. commit renames all of them; discard removes what is left.
type output struct {
	files   fileSystem
	pending []pending
	path    string // what the user asked for, for messages
}

type pending struct{ temporary, final string }

func newOutput(files fileSystem, path string) *output {
	if files == nil {
		files = osFiles{}
	}
	return &output{files: files, path: path}
}

// temporary reserves a name beside final; nothing is created.
func (o *output) temporary(final string) string {
	dir, base := filepath.Split(final)
	t := filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
	o.pending = append(o.pending, pending{t, final})
	return t
}

// file writes one file with fill.
func (o *output) file(final string, fill func(io.Writer) error) error {
	return o.create(o.temporary(final), fill)
}

func (o *output) create(path string, fill func(io.Writer) error) error {
	f, err := o.files.Create(path)
	if err != nil {
		return o.explain(err)
	}
	if err := fill(f); err != nil {
		f.Close()
		return o.explain(err)
	}
	return o.explain(f.Close())
}

// commit moves everything into place, or puts everything back. One file replaces another
// in a single step; a directory, or one of several files, is first moved aside.
func (o *output) commit() ([]string, error) {
	moved := make([]pending, 0, len(o.pending)) // temporary: where the old one is now
	names := make([]string, 0, len(o.pending))
	for _, p := range o.pending {
		var old pending
		if info, err := o.files.Stat(p.final); err == nil && (info.IsDir() || len(o.pending) > 1) {
			old = pending{p.temporary + ".old", p.final}
			if err := o.files.Rename(p.final, old.temporary); err != nil {
				return nil, o.explain(errors.Join(err, o.restore(moved, names)))
			}
		}
		moved = append(moved, old)
		if err := o.files.Rename(p.temporary, p.final); err != nil {
			return nil, o.explain(errors.Join(err, o.restore(moved, names)))
		}
		names = append(names, p.final)
	}
	o.pending = nil
	for _, old := range moved {
		if old.final == "" {
			continue
		}
		if err := o.files.RemoveAll(old.temporary); err != nil {
			return names, fmt.Errorf("%s is written, but what it replaces could not be removed from %s: %w", old.final, old.temporary, reason(err))
		}
	}
	return names, nil
}

// restore undoes a commit that failed half way: what has been placed is removed, what was
// moved aside returns.
func (o *output) restore(moved []pending, placed []string) error {
	var failed []error
	for _, name := range placed {
		failed = append(failed, o.files.RemoveAll(name))
	}
	for _, old := range moved {
		if old.final != "" {
			failed = append(failed, o.files.Rename(old.temporary, old.final))
		}
	}
	return errors.Join(failed...)
}

// discard removes what has not been moved into place.
func (o *output) discard() {
	for _, p := range o.pending {
		o.files.RemoveAll(p.temporary)
	}
	o.pending = nil
}

// explain turns a system error, which names a temporary file, into a sentence about what
// the user asked for.
func (o *output) explain(err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &link):
		err = link.Err
	case errors.As(err, &path):
		err = path.Err
	}
	return fmt.Errorf("cannot write %s: %w", o.path, err)
}

// checkPlace refuses what cannot work before anything is computed or written: a missing
// directory, or something of another kind in the way.
func checkPlace(files fileSystem, path string, directory bool) error {
	dir := filepath.Dir(path)
	if info, err := files.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot write %s: the directory %s does not exist", path, dir)
	} else if err == nil && !info.IsDir() {
		return fmt.Errorf("cannot write %s: %s is not a directory", path, dir)
	}
	info, err := files.Stat(path)
	switch {
	case err != nil:
		return nil
	case info.IsDir() && !directory:
		return fmt.Errorf("cannot write %s: it is a directory", path)
	case !info.IsDir() && directory:
		return fmt.Errorf("cannot write %s: a file of this name is in the way of the Zarr directory", path)
	case directory && !ownZarr(files, path):
		return fmt.Errorf("cannot write %s: the directory exists and is not a Zarr store written by wgf, so it is not replaced", path)
	}
	return nil
}
