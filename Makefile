# Two commands for a newcomer: `make demo` and `make test`. Everything happens in .venv.

SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON := $(or $(PYTHON),$(shell for p in python3 python3.13 python3.12 python3.11; do \
  $$p -c '$(SUITABLE)' 2>/dev/null && echo $$p && exit; done; echo python3))
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEMO := plans/northern
# `make bench DATA=FOLDER` with public instances (benchmarks/README.md); without, they are absent.
DATA := data
BENCH := small:20-1 small:60-1 company 'tightness:*1.1' scenarios:first-cohort \
  'mss:I40_12_1' 'gap:yagiura2004/c10400' 'reviewers:preflib2*' residents projects

.PHONY: demo test bench lint types check clean

demo: $(READY)
	$(BIN)/talentopt check scenarios/northern
	@mkdir -p plans
	rm -rf $(DEMO)
	$(BIN)/talentopt solve scenarios/northern -o $(DEMO) --time-limit 60 --report
	$(BIN)/talentopt audit scenarios/northern $(DEMO)
	@echo "The report is in $(abspath $(DEMO))/report.html - open it in a browser."

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

# A few instances of every set, every solver, ten seconds each: at most 25 minutes on two cores.
bench: $(READY)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/talentopt bench $(BENCH) --data $(DATA) --time-limit 10 -o results/bench

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

check: test lint types

$(READY): pyproject.toml
	@$(PYTHON) -c '$(SUITABLE)' || { \
	  echo "talentopt needs Python 3.11, 3.12 or 3.13; $(PYTHON) is another one."; \
	  echo "Name a suitable one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv"; \
	  exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,dev]'
	$(BIN)/talentopt warm-up
	@touch $@

clean:
	rm -rf $(VENV) plans results build dist
