#!/bin/sh
# prune-packages.sh NODE_MODULES: removes from installed packages what never runs in the image: binaries of other
# platforms, embedded servers, builds for browsers, source maps. Ends with an error where a package no longer has the
# files that are named here.
set -eu
cd "$1"
machine="$(uname -m)-unknown-linux-gnu"

# PostgreSQL is a separate service.
rm -rf @embedded-postgres embedded-postgres

releases=@temporalio/core-bridge/releases
test -d "$releases/$machine"
find "$releases" -mindepth 1 -maxdepth 1 ! -name "$machine" -exec rm -rf {} +

# Node loads these four files; the others are for browsers, with and without graphics cards.
onnx=onnxruntime-web/dist
for file in ort.node.min.mjs ort-wasm-simd-threaded.mjs ort-wasm-simd-threaded.wasm; do test -f "$onnx/$file"; done
find "$onnx" -type f ! -name 'ort.node.min.*' ! -name 'ort-wasm-simd-threaded.mjs' ! -name 'ort-wasm-simd-threaded.wasm' -delete

find . -name '*.map' -type f -delete
