package store

import (
	"bufio"
	"fmt"
	"strings"
	"time"
)

// Version of the CSV layout that is followed: that of CmdStan 2.36.
const stanMajor, stanMinor, stanPatch = 2, 36, 0

// writeConfiguration writes the comment block that CmdStan starts a file with. Readers
// look for the sizes, the algorithm and, for hmc, the maximal depth; a sampler that is
// not CmdStan's presents itself as fixed_param, whose draws need no adaptation block.
func writeConfiguration(b *bufio.Writer, d *Draws, chain int, file string, hamiltonian bool) {
	r := &d.Record
	model := r.Model
	if i := strings.LastIndexAny(model, `/\`); i >= 0 {
		model = model[i+1:]
	}
	model = strings.TrimSuffix(model, ".stan") + "_model"
	if r.Model == "" {
		model = "wgf_model"
	}
	started := r.Started
	if started.IsZero() {
		started = time.Unix(0, 0)
	}
	thin := max(r.Thin, 1)
	p := func(format string, args ...any) {
		fmt.Fprintf(b, "# "+format+"\n", args...)
	}
	p("stan_version_major = %d", stanMajor)
	p("stan_version_minor = %d", stanMinor)
	p("stan_version_patch = %d", stanPatch)
	p("model = %s", oneLine(model))
	p("start_datetime = %s", started.UTC().Format("2006-01-02 15:04:05 MST"))
	p("method = sample")
	p("  sample")
	p("    num_samples = %d", d.DrawsPerChain*thin)
	p("    num_warmup = %d", max(r.WarmUp, 1))
	p("    save_warmup = false")
	p("    thin = %d", thin)
	p("    adapt")
	p("      engaged = %t", hamiltonian)
	if hamiltonian {
		depth := r.MaxDepth
		if depth == 0 {
			depth = 10
		}
		p("    algorithm = hmc")
		p("      hmc")
		p("        engine = nuts")
		p("          nuts")
		p("            max_depth = %d", depth)
		p("        metric = diag_e")
		p("        stepsize = 1")
		p("        stepsize_jitter = 0")
	} else {
		p("    algorithm = fixed_param")
	}
	p("    num_chains = 1")
	p("id = %d", chain+1)
	p("data")
	p("  file = %s", oneLine(r.Data))
	p("random")
	p("  seed = %d", r.Seed)
	p("output")
	p("  file = %s", oneLine(file))
	p("generator = %s %s", oneLine(r.program()), oneLine(r.version()))
}

// oneLine keeps a file name from breaking a comment.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}
