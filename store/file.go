package store

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// CheckFile reports early what would make [WriteFile] to path fail: a missing directory,
// or a directory in the way.
func CheckFile(path string) error { return checkPlace(osFiles{}, path, false) }

// WriteFile writes a file with fill under a temporary name and renames it: the file is
// there complete or, on an error, not at all. A file in the way is replaced.
func WriteFile(path string, fill func(io.Writer) error) error {
	if err := CheckFile(path); err != nil {
		return err
	}
	o := newOutput(nil, path)
	defer o.discard()
	if err := o.file(path, fill); err != nil {
		return err
	}
	_, err := o.commit()
	return err
}

// CheckFolder reports early what would make [WriteFolder] to path fail: a missing parent,
// or something other than an empty directory in the way.
func CheckFolder(path string) error {
	path = filepath.Clean(path)
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("cannot write %s: the directory %s does not exist", path, dir)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil
	}
	if !info.IsDir() {
		return fmt.Errorf("cannot write %s: a file of this name is in the way of the directory", path)
	}
	if all, err := os.ReadDir(path); err != nil || len(all) > 0 {
		return fmt.Errorf("cannot write %s: the directory exists and is not empty; name a new one", path)
	}
	return nil
}

// WriteFolder writes a new directory with the named files, the k-th with fill(k, w). The
// directory is there complete or, on an error, not at all.
func WriteFolder(path string, names []string, fill func(k int, w io.Writer) error) error {
	if err := CheckFolder(path); err != nil {
		return err
	}
	path = filepath.Clean(path)
	o := newOutput(nil, path)
	defer o.discard()
	t := o.temporary(path)
	if err := o.files.Mkdir(t); err != nil {
		return o.explain(err)
	}
	for k, name := range names {
		if err := o.create(filepath.Join(t, name), func(w io.Writer) error { return fill(k, w) }); err != nil {
			return err
		}
	}
	_, err := o.commit()
	return err
}
