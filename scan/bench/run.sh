#!/bin/sh
# Measures the scanner beside its peers: scan/bench/run.sh [FOLDER]
# FOLDER, or else QR_IMAGES, holds real pictures; without one, only generated ones are measured.
set -eu
cd "$(dirname "$0")"
folder=${1:-${QR_IMAGES:-}}
target=${CARGO_TARGET_DIR:-../../target}
[ -d node_modules/zxing-wasm ] || npm ci --no-audit --no-fund --silent
cargo build --quiet --release --locked --manifest-path wasm/Cargo.toml --target wasm32-unknown-unknown --target-dir "$target"
cargo run --quiet --release --locked --manifest-path ../../Cargo.toml --target-dir "$target" -p scan --example generate >"$target/scan-bench.bin"
exec node bench.js "$target/wasm32-unknown-unknown/release/scan_bench_wasm.wasm" "$target/scan-bench.bin" "$folder"
