# The front door.  Meson builds (meson.build); this file only knows which doors there are.
#
# Every target installs what it needs first (tools/setup, quick when there is nothing to do).
# Build folders by flavour: build/dev (gcc), build/san (clang, ASan + UBSan), build/analyze
# (gcc -fanalyzer), build/fuzz (clang, libFuzzer), build/cov (gcc, counting lines), build/release
# (what `make install` installs).

SHELL = /bin/sh
.DEFAULT_GOAL := build
.PHONY: help deps build demo run test check lint format san fuzz coverage sim sim-mutants kill-test bench docs install clean

JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PREFIX ?= /usr/local
DATA ?= ./var
# Seconds that each fuzz target runs.
SECONDS ?= 60
# Schedules of the simulator, the seed of the first, and the database they run on.
SEEDS ?= 1000
FROM ?= 1
DB ?= :memory:
# What `make kill-test` converts on each database.
CONVERSIONS ?= 200

NINJA = ninja -j $(JOBS)
PROGRAMS = src/novate src/novate-sandbox

## Start here
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^## / { printf "\n%s\n", substr($$0, 4) } \
	  /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: deps-build build/dev/build.ninja ## Build, start everything with a story's data, convert a tenant before your eyes (ONCE=1: end after it)
	@$(NINJA) -C build/dev $(PROGRAMS)
	@rm -rf var/demo && mkdir -p var
	@build/dev/src/novate --data var/demo demo $(if $(ONCE),--once) $(DEMO_OPTIONS)

run: deps-build build/dev/build.ninja ## Build and start `novate up` on DATA (default ./var)
	@$(NINJA) -C build/dev $(PROGRAMS)
	@build/dev/src/novate --data $(DATA) up

## Working on it
deps: ## Install every package that building and testing need, and say so
	@tools/setup --for test

build: deps-build build/dev/build.ninja ## Build everything into build/dev (what `make` alone does)
	@$(NINJA) -C build/dev

test: deps-test build/dev/build.ninja ## Everything CI runs, on both databases; the last line counts it
	@tests/run

check: deps-test build/dev/build.ninja ## All that can be said without running the program: format, warnings, analysers, house rules
	@tools/check/all

lint: deps-test build/dev/build.ninja ## The quick part of `check`, in seconds
	@tools/check/all --quick

format: deps-test ## Let clang-format decide
	@git ls-files -co --exclude-standard '*.c' '*.h' | xargs -r clang-format -i

san: deps-test build/san/build.ninja ## Unit tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@tests/run unit-san

fuzz: deps-test build/fuzz/build.ninja ## Run every fuzz target for SECONDS (default 60) seconds
	@tests/run --seconds $(SECONDS) fuzz

sim: deps-build build/release/build.ninja ## The whole system under a seed: SEEDS=n of them, or SEED=k told event by event (DB=postgresql://…)
	@$(NINJA) -C build/release tests/sim/sim
	@build/release/tests/sim/sim --database $(DB) --jobs $$(nproc) $(if $(SEED),--seed $(SEED),--seeds $(SEEDS) --from $(FROM))

sim-mutants: deps-test ## Plant each bug of tests/sim/mutants: the simulator must catch it within its seeds (MUTANTS="NAME…")
	@tests/sim/mutants/run $(MUTANTS)

kill-test: deps-test build/dev/build.ninja ## Kill everything at random while CONVERSIONS (default 200) tenants are converted on each database; SEED=n
	@$(NINJA) -C build/dev $(PROGRAMS)
	@tests/run --with tests/kill/storm_test.py $(addprefix build/dev/,$(PROGRAMS)) --conversions $(CONVERSIONS) --seed $(or $(SEED),$(shell date +%s))

coverage: deps-test build/cov/build.ninja ## What the tests reach, by room; what none reaches in convert, jobs and store must be listed
	@tests/run coverage

bench: deps-test build/release/build.ninja ## Measure: start, memory, pages and conversions per CPU-second
	@$(NINJA) -C build/release $(PROGRAMS)
	@bench/run

docs: deps-build build/dev/build.ninja ## Check the documents: every link, every command in the README
	@tools/check/all links readme

## Running it for real
install: deps-build build/release/build.ninja ## Install the programs, unit files and examples below PREFIX (default /usr/local); DESTDIR counts
	@$(NINJA) -C build/release $(PROGRAMS)
	@meson install -C build/release --no-rebuild $(if $(DESTDIR),--destdir $(DESTDIR))

clean: ## Forget everything that was built (data in ./var stays)
	rm -rf build

# --- what the doors above use -------------------------------------------------------------

.PHONY: deps-build deps-test
deps-build:
	@tools/setup --for build
deps-test:
	@tools/setup --for test

# One rule a flavour: `meson setup` runs once, afterwards ninja itself notices changed meson files.
build/dev/build.ninja: | deps-build
	@meson setup build/dev

# Sanitizers need -O1 to be quick enough, and never go together with _FORTIFY_SOURCE.
build/san/build.ninja: | deps-test
	@CC=clang meson setup build/san -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1

build/analyze/build.ninja: | deps-test
	@CC=gcc meson setup build/analyze -Danalyze=true -Ddebug=false -Doptimization=1

build/fuzz/build.ninja: | deps-test
	@CC=clang meson setup build/fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1

# Lines are counted as they are written: -O0.
build/cov/build.ninja: | deps-test
	@CC=gcc meson setup build/cov -Db_coverage=true -Doptimization=0

build/release/build.ninja: | deps-build
	@meson setup build/release --prefix $(abspath $(PREFIX)) --buildtype release -Dstrip=true
