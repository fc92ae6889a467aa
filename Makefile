# Each target does its own set-up: packages first (only those that are missing), then meson and ninja.
#   make run [ARGS="--bank=FILE"]   make check   make bench   make peers [SIZE=1000000]   make torture [SEED=1 MINUTES=5]   make seeded   make coverage   make sim SEED=1|SEEDS=1000 [FROM=1]   make sim-bugs   make storm [SEED=1 MINUTES=5]   make conformance [XS2A=FOLDER]   make screenshots   make translations   make format   make clean
python := /usr/bin/python3
sources := $(addsuffix /*.[ch],app app/* ui ui/* tests/* )

.PHONY: run check bench peers torture seeded coverage sim sim-bugs storm conformance screenshots translations format clean
.NOTPARALLEL:

run:
	@data/dev/packages.sh run
	@data/dev/build.sh build -Dtests=false
	@data/dev/run.sh $(CURDIR)/build/install $(ARGS)

check:
	@data/dev/packages.sh check
	@$(python) tests/helpers/check.py

bench:
	@data/dev/packages.sh bench
	@data/dev/build.sh build/bench
	@$(python) tests/helpers/bench.py build/bench $(ARGS)

# The desktop's book-keeping programs on one book of SIZE transfers; at a million some take minutes and gigabytes.
peers:
	@data/dev/packages.sh bench
	@data/dev/build.sh build/bench
	@$(python) tests/bench/bench-peers.py build/bench/tests/bench/bench-book $(or $(SIZE),1000000)

torture:
	@data/dev/packages.sh check
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@build/check/tests/torture/torture --seed=$(or $(SEED),1) --minutes=$(or $(MINUTES),5) --total=build/torture-total

seeded:
	@data/dev/packages.sh check
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@$(python) tests/torture/seeded-bugs.py . build/check/app/ledger/libledger.a
	@$(python) tests/torture/seeded-engine.py . build/check/app/store/libseal.a

coverage:
	@data/dev/packages.sh check
	@$(python) tests/helpers/coverage.py build/coverage $(ARGS)

storm:
	@data/dev/packages.sh check
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@build/check/tests/session/test-session-storm --storm $(or $(SEED),1) $(or $(MINUTES),5)

conformance:
	@data/dev/packages.sh check
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@$(python) tests/conformance/conform.py build/check $(or $(XS2A),$(CURDIR)/../shared/xs2a)

sim:
	@data/dev/packages.sh check
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@build/check/tests/sim/sim $(if $(SEED),--seed=$(SEED),--seeds=$(or $(SEEDS),100) --from=$(or $(FROM),1) --jobs=2) $(ARGS)

sim-bugs:
	@data/dev/packages.sh check
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@$(python) tests/sim/seeded-bugs.py $(CURDIR) build/check --all

screenshots:
	@data/dev/packages.sh screenshots
	@data/dev/build.sh build/check --werror -Dtest_hooks=true
	@$(python) tests/helpers/screenshots.py build/check $(ARGS)

translations:
	@data/dev/packages.sh check
	@$(python) tests/lint/check-translations.py --update $(ARGS)

format:
	@data/dev/packages.sh check
	@clang-format-14 -i $(wildcard $(sources))

clean:
	rm -rf build
