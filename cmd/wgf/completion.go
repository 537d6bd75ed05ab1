package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"wgf"
)

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

func (completionCmd) Help() string {
	return `Examples:
  wgf completion bash > /etc/bash_completion.d/wgf
  source <(wgf completion zsh)
  wgf completion fish > ~/.config/fish/completions/wgf.fish`
}

// verb is a command with its flags, as the completion scripts need it.
type verb struct {
	name, help string
	subs       []*kong.Node // sub-verbs
	flags      []*kong.Flag
}

// verbOf collects the flags of a verb; where it has sub-verbs, those of all.
func verbOf(node *kong.Node) verb {
	v := verb{name: node.Name, help: node.Help, flags: node.Flags}
	for _, child := range node.Children {
		if !child.Hidden {
			v.subs = append(v.subs, child)
		}
		for _, f := range child.Flags {
			if !slices.ContainsFunc(v.flags, func(have *kong.Flag) bool { return have.Name == f.Name }) {
				v.flags = append(v.flags, f)
			}
		}
	}
	return v
}

func (c completionCmd) Run(s streams, app *kong.Application) error {
	var verbs []verb
	for _, node := range app.Children {
		verbs = append(verbs, verbOf(node))
	}
	var b strings.Builder
	switch c.Shell {
	case "bash":
		writeBash(&b, verbs)
	case "zsh":
		// zsh runs bash completions through its own compatibility layer.
		b.WriteString("autoload -U +X bashcompinit && bashcompinit\n")
		writeBash(&b, verbs)
	case "fish":
		writeFish(&b, verbs)
	}
	_, err := fmt.Fprint(s.stdout, b.String())
	return err
}

func writeBash(b *strings.Builder, verbs []verb) {
	var names []string
	for _, v := range verbs {
		names = append(names, v.name)
	}
	fmt.Fprintf(b, "_%s() {\n", wgf.Name)
	b.WriteString("  local word=${COMP_WORDS[COMP_CWORD]} words=\n")
	fmt.Fprintf(b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=%q\n  else\n    case ${COMP_WORDS[1]} in\n", strings.Join(names, " "))
	for _, v := range verbs {
		var words []string
		for _, sub := range v.subs {
			words = append(words, sub.Name)
		}
		for _, f := range v.flags {
			words = append(words, "--"+f.Name)
		}
		fmt.Fprintf(b, "      %s) words=%q ;;\n", v.name, strings.Join(words, " "))
	}
	b.WriteString("    esac\n  fi\n")
	b.WriteString("  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n")
	fmt.Fprintf(b, "complete -o default -F _%[1]s %[1]s\n", wgf.Name)
}

func writeFish(b *strings.Builder, verbs []verb) {
	for _, v := range verbs {
		fmt.Fprintf(b, "complete -c %s -n __fish_use_subcommand -a %s -d %q\n", wgf.Name, v.name, v.help)
		for _, sub := range v.subs {
			fmt.Fprintf(b, "complete -c %s -n '__fish_seen_subcommand_from %s' -a %s -d %q\n", wgf.Name, v.name, sub.Name, sub.Help)
		}
		for _, f := range v.flags {
			fmt.Fprintf(b, "complete -c %s -n '__fish_seen_subcommand_from %s' -l %s -d %q\n", wgf.Name, v.name, f.Name, f.Help)
		}
	}
}
