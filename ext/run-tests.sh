#!/bin/sh
# Builds the extension and runs its phpt tests under real PHP. The last line reads
# "N passed, N failed, N skipped". Arguments are test files; without any, all tests run.
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

library=$(./build.sh)
# The runner keeps its own copies beside itself in some versions; give it a folder it may write to.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/modules"
cp "$library" "$scratch/modules/scormbridge.so"

if [ $# -eq 0 ]; then
    set -- tests
fi
failed=0
NO_COLOR=1 NO_INTERACTION=1 REPORT_EXIT_STATUS=1 TEST_PHP_EXECUTABLE="$php" \
    "$php" -n "$runner" -n -q --show-diff \
    -d extension="$scratch/modules/scormbridge.so" "$@" >"$scratch/report" 2>&1 || failed=1
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
