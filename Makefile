# Entrepot: `make up` runs the market, `make test` proves it. `make help` lists the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 18

$(VENV)/.core: requirements/bootstrap.txt requirements/core.txt
	@$(PYTHON) -c 'import sys; sys.exit("Entrepot needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say PYTHON=python3.12 make up.") if sys.version_info < (3, 11) else None'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a virtual environment here. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || { echo "1/2 installer" >&2; $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt; }
	@echo "installing packages (pinned, hash-checked)" >&2
	@$(BIN)/uv pip install --python $(PY) --quiet --require-hashes -r requirements/core.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.core requirements/dev.txt
	@$(BIN)/uv pip install --python $(PY) --quiet --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: up
up: $(VENV)/.core ## set up everything, load the Spain pilot, serve it
	@exec $(PY) -m entrepot up

.PHONY: reset
reset: $(VENV)/.core ## delete this market's data, after asking
	@exec $(PY) -m entrepot reset

.PHONY: check
check: $(VENV)/.dev ## format, lint, types, contracts, migrations, templates: under a minute
	@$(PY) -m tests.check

.PHONY: browser
browser: $(VENV)/.dev
	@$(PY) -m tests.browser

.PHONY: test
test: $(VENV)/.dev browser ## every test
	@$(PY) -m pytest -n 3 --dist loadgroup tests

.PHONY: screenshots
screenshots: $(VENV)/.dev browser ## make the pictures of docs/screenshots anew
	@$(PY) -m tests.screenshots

.PHONY: bench-ledger
bench-ledger: $(VENV)/.core ## how fast the books are kept (JSON)
	@$(PY) -m entrepot bench ledger --json

.PHONY: bench-quotes
bench-quotes: $(VENV)/.core ## a single full price, and prices in bulk (JSON)
	@$(PY) -m bench.quotes

.PHONY: bench-web
bench-web: $(VENV)/.dev ## how fast the shop answers (JSON); WEB="--lighthouse" adds Lighthouse
	@$(PY) -m bench.web $(WEB)

.PHONY: notices
notices: $(VENV)/.dev ## list the libraries and their licences anew in THIRD-PARTY.md
	@$(PY) -m tests.notices

.PHONY: lock
lock: $(VENV)/.core ## pin the newest allowed versions, with hashes
	@for f in core dev; do $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/$$f.in -o requirements/$$f.txt; done

.PHONY: bench-intake
bench-intake: $(VENV)/.dev ## durable orders a second on this machine: table, plot, bench/results/*.json
	@$(PY) -m bench.intake $(INTAKE)
	@$(PY) -m bench.intake_http
	@$(PY) -m bench.intake_market --json
	@$(PY) -m bench.intake_plot

.PHONY: bench-logistics
bench-logistics: $(VENV)/.core ## promises, tracking events and a hub's year: how fast (JSON)
	@$(PY) -m entrepot bench logistics --json

.PHONY: simulate
simulate: $(VENV)/.dev ## histories of the order intake with faults, until stopped; SEED=1234 plays one again
	@$(PY) -m tests.intake.simulation $(if $(SEED),--from $(SEED) --seeds 1,--forever --from $$(date +%s))

.PHONY: mutants
mutants: $(VENV)/.dev ## plant each bug of tests/intake/mutants and show that a test catches it
	@$(PY) -m tests.intake.mutants
