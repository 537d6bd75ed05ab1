package simd

//go:generate sh -c "cd gen/pairs && go run . -dir ../.."

var pairTables = [numVariants]*pairTable{
	goVariant: &pairGo,
	avx2: {
		squares: pairSquaresAVX2, expand: pairExpandAVX2, products: pairProductsAVX2, differences: pairDifferencesAVX2, sums: pairSumsAVX2,
		gaussian: pairGaussianAVX2, exponential: pairExponentialAVX2, root: pairRootAVX2, stein: pairSteinAVX2,
	},
	avx512: {
		squares: pairSquaresAVX512, expand: pairExpandAVX512, products: pairProductsAVX512, differences: pairDifferencesAVX512, sums: pairSumsAVX512,
		gaussian: pairGaussianAVX512, exponential: pairExponentialAVX512, root: pairRootAVX512, stein: pairSteinAVX512,
	},
}
