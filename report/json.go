package report

import (
	"encoding/json"
	"math"

	"wgf/diagnostics"
)

// Number is a float64 that JSON shows as null where it is not finite.
type Number float64

func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// Row is one variable in JSON output.
type Row struct {
	Name     string `json:"name"`
	Mean     Number `json:"mean"`
	MCSEMean Number `json:"mcse_mean"`
	SD       Number `json:"sd"`
	MCSESD   Number `json:"mcse_sd"`
	MAD      Number `json:"mad"`
	Q5       Number `json:"q5"`
	Q50      Number `json:"q50"`
	Q95      Number `json:"q95"`
	ESSBulk  Number `json:"ess_bulk"`
	ESSTail  Number `json:"ess_tail"`
	RHat     Number `json:"r_hat"`
}

// Rows converts summaries for JSON output, lp__ first.
func Rows(summaries []diagnostics.Summary) []Row {
	rows := make([]Row, 0, len(summaries))
	for _, s := range LogDensityFirst(summaries) {
		rows = append(rows, Row{
			Name: s.Name, Mean: Number(s.Mean), MCSEMean: Number(s.MCSEMean), SD: Number(s.SD), MCSESD: Number(s.MCSESD),
			MAD: Number(s.MAD), Q5: Number(s.Q5), Q50: Number(s.Q50), Q95: Number(s.Q95),
			ESSBulk: Number(s.ESSBulk), ESSTail: Number(s.ESSTail), RHat: Number(s.RHat),
		})
	}
	return rows
}
