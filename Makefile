# The two to begin with: `make demo` shows what walker does, `make test` checks that it does.
#
#   make demo                  set up, build, fetch a kernel, print its annotated call chain
#   make test                  set up, fetch the test kernels, run every test, compare with compiled C, try mutants
#   make test KERNELS=6.12     the same with one kernel; what is then not tested is said
#   make hostile [N=10000]     invented code that is hard to follow, and N programs made up at random, compiled and compared
#   make trees TREES="FOLDER…"   kernel trees that no test knows, compared with their text and with known closed forms
#   make tokens                one-token mutants, each compared with its compiled code
#   make mutation              what walker makes of some hundred mutants of the test kernels, as a table
#   make bench TREE=FOLDER [DEB=FILE]   time and memory on an unpacked tree, and of setting up a package;
#                              what kernels cost that were seen before; evaluations a second
#   make verify                boot the catalog's kernels, compare, and write Annotations/*/verified.md
#   make lint                  format and shell scripts
#   make install PREFIX=/usr/local

KERNEL ?= 6.12
KERNELS ?=
PREFIX ?= /usr/local
DESTDIR ?=
SWIFTFLAGS ?=
EACH ?= 1
N ?= 2000
SEED ?= 1
CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/walker
TEST_KERNELS = $(CACHE)/test-kernels

release = .build/release/walker
debug = .build/debug/walker

.PHONY: demo test hostile trees tokens mutation bench verify lint install setup release

demo: release
	@$(release) kernels add $(KERNEL) --if-stale --timeout 3600
	@$(release) print --kernel $(KERNEL)

test: setup
	swift build --build-tests $(SWIFTFLAGS)
	@kernels=$$(Scripts/test-kernels.sh $(debug) "$(TEST_KERNELS)" $(KERNELS)) && \
	  browser=$$(Scripts/browser-tests.sh "$(CACHE)/browser-tests") && \
	  boot=$$(Scripts/boot-tests.sh $$kernels) && \
	  WALKER_TEST_KERNELS="$(TEST_KERNELS)" WALKER_KERNELS="$$kernels" WALKER_BROWSER="$$browser" WALKER_BOOT="$$boot" \
	  swift test --skip-build $(SWIFTFLAGS)
	@Tests/CompiledC/differential.py $(debug) \
	  $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/)
	@Tests/CompiledC/judge_test.py
	@Tests/CompiledC/hostile.py $(debug) --random 800 --arithmetic 200
	@set -- $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/); \
	  Tests/CompiledC/mutation.py $(debug) --few "$$1"

hostile: release
	@Tests/CompiledC/hostile.py $(release) --random $(N) --arithmetic $$(( $(N) / 5 )) --seed $(SEED)

trees: release
	@Tests/CompiledC/trees.py $(release) $(TREES)
	@Tests/CompiledC/lost.py $(release) $(firstword $(TREES))

tokens: release
	@Scripts/test-kernels.sh $(release) "$(TEST_KERNELS)" $(KERNELS)
	@Tests/CompiledC/tokens.py $(release) --each $(EACH) \
	  $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/)

mutation: release
	@Scripts/test-kernels.sh $(release) "$(TEST_KERNELS)" $(KERNELS)
	@Tests/CompiledC/mutation.py $(release) --each $(EACH) --report mutants.jsonl \
	  $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/)

bench: release
	@Scripts/bench.sh $(release) "$(TREE)" $(DEB)
	@test -d kernel-snippets/$(KERNEL) || $(release) kernels add $(KERNEL) --timeout 3600
	@Scripts/bench-known.sh $(release) kernel-snippets/$(KERNEL)
	@$(release)-bench

verify: release
	@Scripts/verify.sh $(release) $(KERNELS)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck Scripts/*.sh .ci/run

install: release
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/walker"
	install $(release) $(release)-engine .build/walker-guest "$(DESTDIR)$(PREFIX)/bin"
	cp -R Annotations kernel-snippets "$(DESTDIR)$(PREFIX)/share/walker"
	@Scripts/install-manual.sh $(release) "$(DESTDIR)$(PREFIX)/share"

release: setup
	swift build -c release

setup:
	@Scripts/setup.sh
