# Two commands: `make run` and `make test`. Each does all the set-up it needs; again, it starts in seconds.

CASE ?= cuba-1962
ON ?=
PORT ?= 8962
PYTHON ?= python3
BIN := .venv/bin
ARGS = $(if $(ON),--on $(ON),)

.PHONY: run brief serve test long bench setup setup-run check bundle pictures lock clean

run: brief serve

brief: setup-run
	@mkdir -p var
	@if [ -e "$(CASE)" ]; then \
	  $(BIN)/excomm brief $(CASE) $(ARGS); \
	else \
	  $(BIN)/excomm load $(CASE) --into var/$(CASE).ledger && \
	  $(BIN)/excomm brief var/$(CASE).ledger $(ARGS); \
	fi

serve: setup-run
	@if [ -e "$(CASE)" ]; then case=$(CASE); else case=var/$(CASE).ledger; fi; \
	  $(BIN)/excomm serve $$case $(ARGS) --port $(PORT)

test: setup check
	$(BIN)/pytest -n 2 --dist loadfile

long: setup
	$(BIN)/pytest -m long

check: setup
	$(BIN)/ruff format --check src tests scripts bench
	$(BIN)/ruff check src tests scripts bench
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python bench/all.py

setup:
	@PYTHON=$(PYTHON) scripts/setup dev

setup-run:
	@PYTHON=$(PYTHON) scripts/setup run

bundle: setup
	scripts/bundle

pictures: setup
	scripts/pictures

lock:
	scripts/lock

clean:
	rm -rf .venv var dist bundle .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
