package main

import (
	"fmt"
	"io"

	"wgf/selection"
)

// selectionRow is one recipe of wgf select in JSON output.
type selectionRow struct {
	Name      string `json:"name"`
	Formula   string `json:"formula"`
	Needs     string `json:"needs"`
	Cost      string `json:"cost"`
	Reference string `json:"reference"`
}

func selectionRows() []selectionRow {
	var rows []selectionRow
	for _, e := range selection.Catalogue() {
		rows = append(rows, selectionRow{e.Name, e.Formula, e.Needs, e.Cost, e.Reference})
	}
	return rows
}

// listSelections names the recipes of wgf select.
func listSelections(w io.Writer) {
	fmt.Fprintln(w, "\nFew points for many draws, wgf select:")
	for _, e := range selection.Catalogue() {
		fmt.Fprintf(w, "%-18s needs %s\n", e.Name, e.Needs)
	}
}

// explainSelection explains one recipe of wgf select, if it is one.
func explainSelection(w io.Writer, name string, asJSON bool) (bool, error) {
	e, err := selection.Find(name)
	if err != nil {
		return false, nil
	}
	if asJSON {
		return true, printJSON(w, map[string]any{"selections": []selectionRow{{e.Name, e.Formula, e.Needs, e.Cost, e.Reference}}})
	}
	fmt.Fprintf(w, "%s\n", e.Name)
	for _, row := range [][2]string{{"verb", "wgf select " + e.Name + " DRAWS"}, {"formula", e.Formula}, {"needs", e.Needs}, {"cost", e.Cost}, {"reference", e.Reference}} {
		fmt.Fprintf(w, "  %-11s %s\n", row[0], row[1])
	}
	return true, nil
}
