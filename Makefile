# The commands of this project. `make demo` shows it, `make test` proves it.
.PHONY: help setup demo test faults bench dist pictures fuzz fmt lint clean

# PHP_CodeSniffer, with the standards of moodlehq/moodle-cs installed.
PHPCS ?= phpcs

help:
	@echo 'make demo              the LMS server and, where one can be had, a Moodle with the plugin (MOODLE=4.5, MOODLE=5.1 or'
	@echo '                       MOODLE=none); sample courses, until Ctrl-C'
	@echo 'make test              every test of every part (SUITES="rust js …" for some)'
	@echo 'make faults            300 seeded schedules of faults between a browser and a Moodle (FAULT_SCHEDULES, FAULT_SEED,'
	@echo '                       MOODLE=5.1)'
	@echo 'make bench             manifests and bytes served against mod_scorm itself, calls by extension and by service, reports'
	@echo '                       of progress against a peer on Fastify (PARTS="manifests launches calls durability progress")'
	@echo 'make dist              dist/: the plugin, the PHP extension, the command line program, the LMS server (PARTS="plugin extension"'
	@echo '                       for some)'
	@echo 'make pictures          the pictures of the documentation, taken anew'
	@echo 'make fuzz              what strangers send, under libFuzzer (TARGETS="manifest ticket", SECONDS_EACH=60); needs a'
	@echo '                       nightly Rust and cargo-fuzz'
	@echo 'make fmt, make lint    format, and hold to the rules, Rust, TypeScript, PHP and shell'
	@echo 'make clean             remove everything that was built or set up here'

setup:
	tests/site/setup

# A Moodle takes much more than the LMS server: what it needs is installed only where there is one to show.
demo:
	tests/site/setup lms
	node tests/site/demo.mjs $(MOODLE)

test: setup
	node tests/site/test.mjs $(SUITES)

faults: setup
	FAULT_SCHEDULES=$(or $(FAULT_SCHEDULES),300) node tests/site/test.mjs faults-$(or $(MOODLE),4.5)

bench: setup
	node --import ./tests/node_modules/tsx/dist/loader.mjs tests/bench/bench.ts $(PARTS)

dist: setup
	tests/dist/make $(PARTS)

pictures: setup
	node tests/site/test.mjs story-5.1 report-5.1 package-5.1 export-5.1 diagnose-5.1
	node tests/site/pictures.mjs

# The bodies of these targets run in every `make test` as well, without any of what this needs.
TARGETS ?= manifest url_policy journal replay ticket sealed
SECONDS_EACH ?= 60

fuzz:
	@if ! cargo +nightly fuzz --version >/dev/null 2>&1; then \
		echo 'make fuzz needs a nightly Rust and cargo-fuzz: rustup toolchain install nightly && cargo install cargo-fuzz'; \
		exit 1; \
	fi
	@for target in $(TARGETS); do \
		mkdir -p "fuzz/found/$$target"; \
		cargo +nightly fuzz run "$$target" "fuzz/found/$$target" "fuzz/corpus/$$target" tests/golden/manifests -- \
			-max_total_time=$(SECONDS_EACH) -max_len=65536 -timeout=10 -rss_limit_mb=2048 || exit 1; \
	done

fmt:
	cargo fmt --all

lint: setup
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	npm --prefix js run lint
	npm --prefix js run check-built
	npm --prefix tests run check
	npm --prefix tests run lint
	tests/lint/containers
	find moodle-plugin docker tests -name '*.php' -not -path '*/node_modules/*' -print0 | xargs -0 -n 1 -P 2 php -l >/dev/null
	@if $(PHPCS) -i 2>/dev/null | grep -qw moodle; then \
		echo '$(PHPCS) --standard=moodle moodle-plugin'; \
		$(PHPCS) --standard=moodle --extensions=php -s moodle-plugin; \
	else \
		echo "skipped: Moodle's coding style (PHP_CodeSniffer with moodlehq/moodle-cs; name yours with PHPCS=)"; \
	fi
	shellcheck tests/site/setup tests/site/internet tests/dist/make tests/dist/deb tests/lint/containers \
		docker/moodle/usr/local/bin/moodle-entrypoint .ci/run

clean:
	cargo clean
	node tests/site/clean.mjs
	rm -rf dist js/node_modules tests/node_modules tests/bench/peers/*/node_modules
