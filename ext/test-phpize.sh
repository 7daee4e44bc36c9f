#!/bin/sh
# Builds, installs and tests the extension the way packagers and PIE do (phpize, configure, make, make install,
# make test), on a copy of the sources, into a scratch folder. Says "phpize build: ok" at the end.
set -eu
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
target=$(cargo metadata --format-version 1 --no-deps --offline |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
mkdir "$scratch/source" "$scratch/source/tests"
cp -R Cargo.toml Cargo.lock crates ext "$scratch/source/"
cp -R tests/golden "$scratch/source/tests/"

cd "$scratch/source/ext"
export CARGO_TARGET_DIR="$target" NO_INTERACTION=1 NO_COLOR=1 REPORT_EXIT_STATUS=1
phpize
./configure
make
make install INSTALL_ROOT="$scratch/root"
installed="$scratch/root$(php-config --extension-dir)/scormbridge.so"
php -n -d extension="$installed" -r 'exit(extension_loaded("scormbridge") ? 0 : 1);'
make test
echo "phpize build: ok"
