package rng

func normalsAVX512(t *task)  { runPortable(kindNormal, t) }
func normalsAVX2(t *task)    { runPortable(kindNormal, t) }
func uniformsAVX512(t *task) { runPortable(kindUniform, t) }
func uniformsAVX2(t *task)   { runPortable(kindUniform, t) }
