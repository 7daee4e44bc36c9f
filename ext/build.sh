#!/bin/sh
# Builds the extension for release and prints the path of the library, and nothing else, on stdout.
# The library is built for the PHP that `php` and `php-config` name, or $PHP and $PHP_CONFIG.
set -eu
cd "$(dirname "$0")"

case "$(uname -s)" in
Darwin) library=libscormbridge.dylib ;;
*) library=libscormbridge.so ;;
esac

cargo build --release --locked --package scormbridge-php >&2
target=$(cargo metadata --format-version 1 --no-deps --offline |
    sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
printf '%s\n' "$target/release/$library"
