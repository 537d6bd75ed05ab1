package report_test

import (
	"os"

	"wgf/diagnostics"
	"wgf/report"
)

func ExampleTable() {
	rows := []diagnostics.Summary{
		{Name: "mu", Mean: 4.39812, MCSEMean: 0.0614, SD: 3.3214, MAD: 3.2, Q5: -1.0234, Q50: 4.41, Q95: 9.87654, ESSBulk: 2954, ESSTail: 1888, RHat: 1.001},
		{Name: "lp__", Mean: -39.5, MCSEMean: 0.0812, SD: 2.6, MAD: 2.5, Q5: -44, Q50: -39.2, Q95: -35.7, ESSBulk: 1033, ESSTail: 1204, RHat: 1.003},
	}
	if err := report.Table(os.Stdout, rows, report.WGF); err != nil {
		panic(err)
	}
	if _, err := report.Verdict(os.Stdout, report.Advice(rows, report.Limits{})); err != nil {
		panic(err)
	}
	// Output:
	//          mean   mcse     sd    mad       q5      q50      q95  ess_bulk  ess_tail  r_hat
	// lp__  -39.500  0.081  2.600  2.500  -44.000  -39.200  -35.700      1033      1204  1.003
	// mu      4.398  0.061  3.321  3.200   -1.023    4.410    9.877      2954      1888  1.001
	// no problems detected
}
