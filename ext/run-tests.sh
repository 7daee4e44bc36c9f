#!/bin/sh
# Builds the extension and runs its phpt tests under real PHP, or, with --service first, runs the same tests on the local
# service, through the classes that the plugin has for it. The last line reads "N passed, N failed, N skipped". Arguments
# are test files; without any, all tests run.
set -eu
cd "$(dirname "$0")"

php=${PHP:-$(command -v php)}
runner=${RUN_TESTS_PHP:-"$("${PHP_CONFIG:-php-config}" --extension-dir)/build/run-tests.php"}
if [ ! -f "$runner" ]; then
    # Debian keeps it beside the extensions, a PHP built from source below its library folder.
    runner=$("${PHP_CONFIG:-php-config}" --prefix)/lib/php/build/run-tests.php
fi
if [ ! -f "$runner" ]; then
    echo "run-tests.php was not found; install php-dev, or name it in RUN_TESTS_PHP" >&2
    exit 1
fi

# The runner keeps its own copies beside itself in some versions; give it a folder it may write to.
scratch=$(mktemp -d)
service=
finish() {
    [ -z "$service" ] || kill "$service"
    rm -rf "$scratch"
}
trap finish EXIT

if [ "${1:-}" = --service ]; then
    shift
    # The same tests, in a copy that wants curl where they want the extension.
    root=$(cd .. && pwd)
    mkdir -p "$scratch/ext" "$scratch/tests"
    cp -R tests "$scratch/ext/tests"
    cp -R stubs "$scratch/ext/stubs"
    ln -s "$root/tests/golden" "$scratch/tests/golden"
    sed -i 's/^scormbridge$/curl/' "$scratch"/ext/tests/*.phpt
    program=${SCORMBRIDGE_CLI:-}
    if [ -z "$program" ]; then
        cargo build --locked --package scormbridge-cli >&2
        program=$(cargo metadata --format-version 1 --no-deps --offline |
            sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug/scormbridge
    fi
    export SCORMBRIDGE_PLUGIN="$root/moodle-plugin" SCORMBRIDGE_SERVICE="$scratch/core.sock"
    export SCORMBRIDGE_SECRET_FILE="$scratch/secret"
    (umask 077 && openssl rand -hex 32 >"$scratch/secret")
    "$program" serve --socket "$SCORMBRIDGE_SERVICE" --secret-file "$scratch/secret" 2>"$scratch/log" &
    service=$!
    until [ -S "$SCORMBRIDGE_SERVICE" ]; do
        kill -0 "$service" || { cat "$scratch/log" >&2; exit 1; }
        sleep 0.1
    done
    cd "$scratch/ext"
    set -- "$@" -d auto_prepend_file="$scratch/ext/tests/support/service.inc"
else
    library=$(./build.sh)
    mkdir "$scratch/modules"
    cp "$library" "$scratch/modules/scormbridge.so"
    set -- "$@" -d extension="$scratch/modules/scormbridge.so"
fi

if [ "$1" = -d ]; then
    set -- "$@" tests
fi
failed=0
NO_COLOR=1 NO_INTERACTION=1 REPORT_EXIT_STATUS=1 TEST_PHP_EXECUTABLE="$php" \
    "$php" -n "$runner" -n -q --show-diff "$@" >"$scratch/report" 2>&1 || failed=1
cat "$scratch/report"

count() {
    sed -n "s/^Tests $1 *: *\([0-9][0-9]*\).*/\1/p" "$scratch/report" | tail -n 1
}
passed=$(count passed)
if [ -z "$passed" ]; then
    echo "the test runner did not finish" >&2
    exit 1
fi
skipped=$(count skipped)
# Warned, borked and leaking tests are failures here.
bad=$(awk -F: '/^Tests (failed|borked|warned|leaked)/ { split($2, n, " "); sum += n[1] } END { print sum + 0 }' \
    "$scratch/report")
echo "$passed passed, $bad failed, ${skipped:-0} skipped"
[ "$failed" -eq 0 ] && [ "$bad" -eq 0 ]
