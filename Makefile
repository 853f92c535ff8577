# Two targets do all set-up by themselves: `make demo` and `make test`.
# PYTHON: any Python 3.11 or newer. A virtual environment is made in .venv and filled from uv.lock.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: demo test lint bench bench-archive score clean

$(BIN)/.ready: pyproject.toml uv.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
	$(BIN)/uv sync --frozen --quiet
	@touch $@

# make demo DEMO=print stops short of opening the reading room; PORT=0 opens it on a port that is free.
DEMO ?= serve
PORT ?= 8087
demo: $(BIN)/.ready
	$(BIN)/python demo/run.py $(DEMO) $(PORT)

test: lint
	$(BIN)/python -m pytest

lint: $(BIN)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(BIN)/.ready
	$(BIN)/python bench/run.py

# make bench-archive CABLES=251287 is the size of the whole collection.
CABLES ?= 20000
bench-archive: $(BIN)/.ready
	$(BIN)/python bench/archive.py --cables $(CABLES)

score: $(BIN)/.ready
	$(BIN)/python tests/score.py
	$(BIN)/python tests/score_statements.py
	$(BIN)/python tests/score_people.py

clean:
	rm -rf .venv build dist
