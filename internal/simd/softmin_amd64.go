package simd

//go:generate sh -c "cd gen/softmin && go run . -dir ../.."

var softminTables = [numVariants]*softminTable{
	goVariant: &softminGo,
	avx2: {
		dot:      [2]func(*SoftminArgs){softminDotAVX2, softminDotWeightsAVX2},
		distance: [2]func(*SoftminArgs){softminDistanceAVX2, softminDistanceWeightsAVX2},
		costs:    [2]func(*SoftminArgs){softminCostsAVX2, softminCostsWeightsAVX2},
		squares:  softminSquaresAVX2,
	},
	avx512: {
		dot:      [2]func(*SoftminArgs){softminDotAVX512, softminDotWeightsAVX512},
		distance: [2]func(*SoftminArgs){softminDistanceAVX512, softminDistanceWeightsAVX512},
		costs:    [2]func(*SoftminArgs){softminCostsAVX512, softminCostsWeightsAVX512},
		squares:  softminSquaresAVX512,
	},
}
