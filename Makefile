# The two to begin with: `make demo` shows what walker does, `make test` checks that it does.
#
#   make demo                  set up, build, fetch a kernel, print its annotated call chain
#   make test                  set up, fetch the test kernels, run every test, compare with compiled C
#   make test KERNELS=6.12     the same with one kernel; what is then not tested is said
#   make hostile [N=10000]     invented code that is hard to follow, and N programs made up at random, compiled and compared
#   make documents            the schemas against real output, and every command of the guide
#   make faults                what is hostile, stale or broken, each in an invented kernel of its own
#   make trees TREES="FOLDER…"   kernel trees that no test knows, compared with their text and with known closed forms
#   make upstream TREES="FOLDER…"   what a check tells of trees that nobody accepted, compared with what reading them gave
#   make functions             walkthroughs of one function, compared with that function compiled
#   make tokens                one-token mutants, each compared with its compiled code
#   make mutation              what walker makes of some hundred mutants of the test kernels, as a table
#   make bench TREE=FOLDER [DEB=FILE]   time and memory on an unpacked tree, and of setting up a package;
#                              what kernels cost that were seen before; evaluations a second
#   make verify                boot the catalog's kernels, compare, and write Annotations/*/verified.md
#   make lint                  format and shell scripts
#   make install PREFIX=/usr/local
#   make deb                   a Debian package with the catalog's kernels; make dist: a tarball that can be put anywhere
#   make release               both, with checksums, in .build/packages: two builds give the same bytes
#   make package-test          the package in a fresh Debian without network, the tarball in a folder (needs root)

KERNEL ?= 6.12
KERNELS ?=
PREFIX ?= /usr/local
DESTDIR ?=
SWIFTFLAGS ?=
EACH ?= 1
N ?= 2000
SEED ?= 1
# The snippet sets that packages hold; without the folder they are made.
SETS ?= .build/packages/sets
CACHE ?= $(if $(XDG_CACHE_HOME),$(XDG_CACHE_HOME),$(HOME)/.cache)/walker
TEST_KERNELS = $(CACHE)/test-kernels
# What of the guide asks nothing that make test has not walked before: seconds. The rest is make documents.
GUIDE = first-walk.md for-those-who-rebuild-linux.md for-programs.md installing.md

release = .build/release/walker
debug = .build/debug/walker

.PHONY: demo test documents hostile faults trees upstream functions tokens mutation bench verify lint install deb dist release package-test staged setup built

demo: built
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
	@Tests/CompiledC/functions_test.py
	@for kind in "plain" "moved pointers" "writers"; do \
	  Tests/CompiledC/hostile.py $(debug) --only "$$kind" --known Tests/CompiledC/known-wrong.txt || exit 1; done
	@Tests/CompiledC/hostile.py $(debug) --no-cases --random 100 --arithmetic 20 --least-proved 40
	@Tests/Faults/faults.py $(debug) --quick
	@if [ -d "$(TEST_KERNELS)/5.10" ] && [ -d "$(TEST_KERNELS)/6.12" ]; then \
	  Tests/Guide/run.py $(debug) "$(TEST_KERNELS)" README.md $(addprefix Documentation/,$(GUIDE)); \
	else echo "guide: not run, since the test kernels 5.10 and 6.12 are not both there"; fi

# The documents: schemas against real output, and every command of the guide.
documents: setup
	swift build $(SWIFTFLAGS)
	@python=$$(Scripts/schema-tests.sh "$(CACHE)/schema-tests") && \
	  set -- $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/) && \
	  $$python Tests/Schemas/validate.py $(debug) "$$1" $${2+"$$2"}
	@if [ -d "$(TEST_KERNELS)/5.10" ] && [ -d "$(TEST_KERNELS)/6.12" ]; then \
	  Tests/Guide/run.py $(debug) "$(TEST_KERNELS)"; \
	else echo "guide: not run, since the test kernels 5.10 and 6.12 are not both there"; fi

hostile: built
	@Tests/CompiledC/hostile.py $(release) --random $(N) --arithmetic $$(( $(N) / 5 )) --seed $(SEED)

faults: built
	@Tests/Faults/faults.py $(release)

trees: built
	@Tests/CompiledC/trees.py $(release) $(TREES)
	@Tests/CompiledC/lost.py $(release) $(firstword $(TREES))

upstream: built
	@Tests/Upstream/check.py $(release) $(TREES)

functions: built
	@Scripts/test-kernels.sh $(release) "$(TEST_KERNELS)" $(KERNELS)
	@Tests/CompiledC/functions.py $(release) \
	  $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/)

tokens: built
	@Scripts/test-kernels.sh $(release) "$(TEST_KERNELS)" $(KERNELS)
	@Tests/CompiledC/tokens.py $(release) --each $(EACH) \
	  $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/)

mutation: built
	@Scripts/test-kernels.sh $(release) "$(TEST_KERNELS)" $(KERNELS)
	@Tests/CompiledC/mutation.py $(release) --each $(EACH) --report mutants.jsonl \
	  $(if $(KERNELS),$(addprefix "$(TEST_KERNELS)"/,$(KERNELS)),"$(TEST_KERNELS)"/*/)

bench: built
	@Scripts/bench.sh $(release) "$(TREE)" $(DEB)
	@test -d kernel-snippets/$(KERNEL) || $(release) kernels add $(KERNEL) --timeout 3600
	@Scripts/bench-known.sh $(release) kernel-snippets/$(KERNEL)
	@$(release)-bench

verify: built
	@Scripts/verify.sh $(release) $(KERNELS)

lint:
	swift format lint --strict --recursive Package.swift Sources Tests
	shellcheck Scripts/*.sh Scripts/package/*.sh .ci/run

install: built
	@Scripts/package/stage.sh .build/release "$(DESTDIR)$(PREFIX)"

built: setup
	swift build -c release --static-swift-stdlib -Xswiftc -file-prefix-map -Xswiftc "$(CURDIR)=."

deb: staged
	@Scripts/package/deb.sh .build/packages/staged .build/packages

dist: staged
	@Scripts/package/dist.sh .build/packages/staged .build/packages

release: deb dist
	@cd .build/packages && sha256sum *.deb *.tar.xz >SHA256SUMS && cat SHA256SUMS

package-test: release
	@Scripts/package/test.sh .build/packages

staged: built
	@Scripts/package/sets.sh $(release) "$(SETS)"
	@rm -rf .build/packages/staged
	@Scripts/package/stage.sh .build/release .build/packages/staged "$(SETS)"

setup:
	@Scripts/setup.sh
