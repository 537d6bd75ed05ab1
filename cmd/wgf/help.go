package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// help prints help as kong does. Of a verb with arguments and sub-verbs it shows
// the hidden command that takes the arguments, and then the sub-verbs.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil || node.DefaultCmd == nil {
		if node == nil || node.Parent == nil || node.Parent.DefaultCmd != node {
			return kong.DefaultHelpPrinter(options, ctx)
		}
		node = node.Parent // the default was chosen by its arguments
	} else {
		ctx.Path = append(ctx.Path, &kong.Path{Parent: node, Command: node.DefaultCmd})
	}
	name := node.FullPath() + " "
	stdout := ctx.Stdout
	var text bytes.Buffer
	ctx.Stdout = &text
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = stdout
	if err != nil {
		return err
	}
	printed := strings.Replace(text.String(), name+node.DefaultCmd.Name+" ", name, 1)
	var verbs strings.Builder
	verbs.WriteString("\nCommands (each has --help):\n")
	for _, child := range node.Children {
		if !child.Hidden {
			verbs.WriteString("  " + name + child.Name + "\n    " + child.Help + "\n")
		}
	}
	_, err = io.WriteString(stdout, printed+verbs.String())
	return err
}
