package target_test

import (
	"math"
	"strings"
	"testing"

	"wgf/target"
	"wgf/target/targettest"
)

func TestZooConforms(t *testing.T) {
	specs := []string{
		"gaussian:dim=1", "gaussian:dim=5,condition=1e4", "gaussian:dim=3,correlation=0.9,mean=2,std=0.5",
		"mixture:dim=3,modes=3,weight=0.6", "mixture:dim=1,separation=8", "banana:dim=4", "ring:dim=3", "ring:dim=1",
		"student-t:dim=2,dof=9", "multivariate-t:dim=3,dof=12", "rosenbrock:dim=4", "funnel:dim=3,scale=1", "gumbel:dim=2",
	}
	for _, e := range target.Catalogue() {
		specs = append(specs, e.Name)
	}
	for _, spec := range specs {
		t.Run(spec, func(t *testing.T) {
			d, err := target.Parse(spec)
			if err != nil {
				t.Fatal(err)
			}
			draws := 20000
			switch {
			case d.Dim() > 20: // d^2 covariances are many
				draws = 4000
			case spec == "funnel" || spec == "student-t" || spec == "multivariate-t":
				draws = -1 // fourth moments are infinite or of size exp(18): no error estimate
			}
			targettest.Conform(t, d, targettest.Options{Draws: draws})
		})
	}
}

func TestParseErrors(t *testing.T) {
	for spec, want := range map[string]string{
		"banan":                                `did you mean "banana"?`,
		"xyzzyx":                               "known are banana",
		"gaussian:dims=3":                      `did you mean "dim"?`,
		"gaussian:dim":                         "not of the form",
		"gaussian:dim=abc":                     "not a finite number",
		"gaussian:dim=2,dim=3":                 "given twice",
		"gaussian:dim=1.5":                     "whole number",
		"gaussian:dim=0":                       "at least 1",
		"gaussian:dim=3,correlation=-0.6":      "between",
		"gaussian:condition=5,correlation=0.5": "not both",
		"rosenbrock:dim=3":                     "even",
		"student-t:dof=-1":                     "positive",
		"mixture:modes=100":                    "from 1 to 64",
		"eight-schools:centred=2":              "0 or 1",
	} {
		_, err := target.Parse(spec)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q): %v, want it to say %q", spec, err, want)
		}
	}
}

// Every catalogue line parses, with a description for everything.
func TestCatalogue(t *testing.T) {
	for _, e := range target.Catalogue() {
		if _, err := target.Parse(e.Spec()); err != nil {
			t.Errorf("%s: %v", e.Spec(), err)
		}
		if e.Description == "" {
			t.Errorf("%s has no description", e.Name)
		}
		for _, p := range e.Params {
			if p.Description == "" {
				t.Errorf("%s: %s has no description", e.Name, p.Name)
			}
		}
	}
}

// The normalised densities have the values of their closed forms.
func TestClosedForms(t *testing.T) {
	g, err := target.NewGaussian([]float64{1, 2}, []float64{2, 1, 1, 3})
	if err != nil {
		t.Fatal(err)
	}
	lp := make([]float64, 1)
	g.LogDensity(lp, nil, []float64{0, 0})
	// det 5, (1,2) C^-1 (1,2)^T = (3 - 4 + 8)/5
	want := -7.0/10 - math.Log(5)/2 - math.Log(2*math.Pi)
	if math.Abs(lp[0]-want) > 1e-14 {
		t.Errorf("Gaussian: %v, want %v", lp[0], want)
	}
	if _, err := target.NewGaussian([]float64{0, 0}, []float64{1, 2, 2, 1}); err == nil {
		t.Error("an indefinite covariance was accepted")
	}
	if _, err := target.NewGaussian([]float64{0, 0}, []float64{1, 0.5, 0.2, 1}); err == nil {
		t.Error("an asymmetric covariance was accepted")
	}
}

func TestNewPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a batch of the wrong shape did not panic")
		}
	}()
	target.New(2, func(x, g []float64) float64 { return 0 }).LogDensity(make([]float64, 3), nil, make([]float64, 5))
}
