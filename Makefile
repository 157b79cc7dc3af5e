# make chat | make test | make install | make lint | make coverage | make trials | make bench | make compare
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install chat test lint coverage trials bench compare clean
.DEFAULT_GOAL := install

install: $(STAMP)

# The stamp is as new as pyproject.toml: nothing is installed twice, and a changed dependency installs again.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "gongbao needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || echo missing)."; \
	  echo "Install it (Debian/Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12),"; \
	  echo "or name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments. Debian/Ubuntu: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV) ..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing gongbao and its libraries into $(VENV) (about 2 GB, a minute or more) ..."
	@$(BIN)/python -m pip install --quiet --progress-bar on -e '.[test]'
	@touch $@

chat: $(STAMP)
	@$(BIN)/python app.py

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

test: lint
	@$(BIN)/pytest -n 2 --dist loadfile -m 'not trial'

# The same tests, a third slower, with the lines they do not reach.
coverage: $(STAMP)
	@$(BIN)/pytest -n 2 --dist loadfile -m 'not trial' --cov --cov-report=term --cov-fail-under=90

trials: $(STAMP)
	@$(BIN)/pytest -m trial -s

bench: $(STAMP)
	@$(BIN)/python tests/bench.py

# make compare QUESTIONS=FILE [BULLETIN=ID] [LIBRARY=DIR]; without LIBRARY that of the tests, built if need be.
LIBRARY_OF_TESTS = import sys; sys.path.append("tests"); from libraries import real_library; print(real_library())

compare: $(STAMP)
	@library='$(LIBRARY)'; \
	test -n "$$library" || library=$$($(BIN)/python -c '$(LIBRARY_OF_TESTS)') || exit; \
	compare() { $(BIN)/python -m qa.evaluation.compare "$$1" --bulletin "$$2" --library "$$library"; }; \
	if test -n '$(QUESTIONS)'; then compare '$(QUESTIONS)' '$(BULLETIN)'; else \
	  compare tests/data/anyang/questions.jsonl anyang-2021-3 && echo && \
	  compare tests/data/linxi/questions.jsonl linxi-2023-4; fi

clean:
	rm -rf $(VENV) dist build
