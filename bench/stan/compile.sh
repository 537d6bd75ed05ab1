#!/usr/bin/env bash
# Compile a Stan program into a shared library: compile.sh MODEL.stan OUT.so
# Needs pip, python3 and g++; half a minute and 1.5 GB a model. The compiler and
# the headers are those of the PyPI wheel httpstan. CACHE names a folder for them,
# FLAGS adds compiler flags (-march=native by default).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${CACHE:-$HOME/.cache/wgf-bench}
stan=$cache/httpstan
mkdir -p "$cache"
if [ ! -x "$stan/stanc" ]; then
  pip download -q --no-deps --only-binary=:all: --python-version 3.12 -d "$cache" httpstan==4.17.0
  python3 -m zipfile -e "$cache"/httpstan-4.17.0*.whl "$cache"
  chmod +x "$stan/stanc"
fi
flags="-O3 -std=c++17 -fPIC -fvisibility=hidden -fvisibility-inlines-hidden -D_REENTRANT -DBOOST_DISABLE_ASSERTS -DSTAN_OVERRIDE_EIGEN_ASSERT -Wno-sign-compare -Wno-ignored-attributes ${FLAGS:--march=native} -I $stan/include"
"$stan/stanc" --o="$2.hpp" "$1"
g++ $flags -c -x c++ "$2.hpp" -o "$2.o"
g++ $flags -c "$here/model_abi.cpp" -o "$2.abi.o"
g++ -shared -o "$2" "$2.o" "$2.abi.o" "$stan"/lib/libsundials_{cvodes,idas,kinsol,nvecserial}.a -L "$stan/lib" -ltbb -Wl,-rpath,"$stan/lib"
rm -f "$2.o" "$2.abi.o" "$2.hpp"
