# make demo, make test: each sets up what it needs in .venv; nothing else must be prepared.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo test test-servers check generate pages rules usages faults hostile attacks probe fuzz bench lowest clean
help:
	@echo 'make demo      edit a real buddy list as typed objects against a real server on loopback'
	@echo 'make test      run all tests, with coverage'
	@echo 'make test-servers  run what must hold on every server, on Kamailio if it is installed and on XCAP_TEST_ROOT'
	@echo 'make check     lint, format, types'
	@echo 'make generate  rebuild generated/xcap_documents from schemas/'
	@echo 'make pages     rebuild tests/typing/*_blocks.py, the documentation for the type checker'
	@echo 'make rules     rebuild docs/rfc4825-rules.md, the table of rules and tests'
	@echo 'make usages    rebuild docs/usages.md, the table of application usages'
	@echo 'make probe     rebuild docs/probe-*.md, what the probe finds on the embedded server and on Kamailio'
	@echo 'make hostile   measure what hostile inputs cost, into docs/security.md'
	@echo 'make faults    rebuild docs/faults.md, the table of what broken servers do'
	@echo 'make attacks   rebuild docs/server-attacks.md, the table of hostile requests'
	@echo 'make fuzz      throw many more hostile inputs at all that reads (about 20 min)'
	@echo 'make bench     measure speed and memory, and write docs/performance.md (some minutes)'
	@echo 'make lowest    run the tests with the oldest supported dependencies'
	@echo 'PYTHON=python3.13 VENV=.venv-3.13 make test     another interpreter'

$(READY): pyproject.toml requirements-dev.txt requirements-bench.txt requirements-generate.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt --requirement requirements-bench.txt --requirement requirements-generate.txt --editable '.[cli]'
	touch $(READY)

demo: $(READY)
	$(BIN)/xcap demo

# Python keeps what it compiles, whatever the environment says: else each of the many processes compiles all anew.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-servers: $(READY)
	$(BIN)/python -m pytest -q tests/servers

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/basedpyright
	PATH="$(CURDIR)/$(BIN):$$PATH" basedpyright --verifytypes xcap_sdk --ignoreexternal
	PATH="$(CURDIR)/$(BIN):$$PATH" basedpyright --verifytypes xcap_documents --ignoreexternal

generate: $(READY)
	$(BIN)/python tools/generate.py

pages: $(READY)
	$(BIN)/python tests/pages.py

rules: $(READY)
	$(BIN)/python tools/rules.py

usages: $(READY)
	$(BIN)/python tools/usages.py

hostile: $(READY)
	$(BIN)/python -m benchmarks.hostile

faults: $(READY)
	$(BIN)/python tools/faults.py

attacks: $(READY)
	$(BIN)/python tools/attacks.py

fuzz: $(READY)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q tests/fuzz

probe: $(READY)
	$(BIN)/python tests/servers/probe_tables.py

bench: $(READY)
	$(BIN)/python -m benchmarks

lowest:
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet --requirement requirements-dev.txt --requirement requirements-lowest.txt --editable '.[cli]'
	PATH="$(CURDIR)/.venv-lowest/bin:$$PATH" .venv-lowest/bin/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

clean:
	rm -rf $(VENV) .venv-lowest build dist .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis
