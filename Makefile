# Each target installs what it needs into .venv, once: with nothing but Python 3.11 or later and make on the machine.

# Blender as a Python module is made for Python 3.11, so that is looked for first.
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
PYTEST_ARGS ?=
# The prompt as it was typed: make would read a $ in it as its own.
PROMPT_TEXT := $(value PROMPT)
export PROMPT_TEXT
export VENV

.PHONY: help need-python demo serve test check bench prompts gallery format lock

help:
	@echo 'make demo PROMPT="a red apple on a wooden table"   one scene, from nothing'
	@echo 'make serve                                         the bridge, on port 5002'
	@echo 'make test                                          the whole suite (PYTEST_ARGS="-k name" for a part)'
	@echo 'make check                                         format, lint, types, import contracts'
	@echo 'make bench                                         the table of speeds'
	@echo 'make prompts FILE=prompts.jsonl SAMPLE=40          prompts against their finished scenes (SPLIT=, OUT=, JOBS=)'
	@echo 'make gallery                                       pictures of every recipe (NAMES="cat dog" for some)'

need-python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or later is needed. Name it: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }

demo: need-python
	@$(PYTHON) tools/bootstrap.py run blender
	@$(BIN)/python -m bridge demo -- "$$PROMPT_TEXT"

serve: need-python
	@$(PYTHON) tools/bootstrap.py run blender
	@exec $(BIN)/python start_api.py

test: need-python
	@$(PYTHON) tools/bootstrap.py run dev bpy node
	@$(BIN)/python -m compileall -q addon bridge start_api.py # each of some two hundred processes would do it anew
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: need-python
	@$(PYTHON) tools/bootstrap.py run dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

gallery: need-python
	@$(PYTHON) tools/bootstrap.py run dev bpy
	$(BIN)/python tools/gallery.py $(NAMES) --out output/.gallery/labelled
	$(BIN)/python tools/gallery.py $(NAMES) --unlabelled --out output/.gallery/unlabelled

format: need-python
	@$(PYTHON) tools/bootstrap.py run dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock:
	@$(PYTHON) tools/lock.py

bench: need-python
	@$(PYTHON) tools/bootstrap.py run dev bpy
	$(BIN)/python -m benchmarks

prompts: need-python
	@$(PYTHON) tools/bootstrap.py run dev bpy
	$(BIN)/python -m tools.prompts --file "$(FILE)" $(if $(SPLIT),--split $(SPLIT)) $(if $(SAMPLE),--sample $(SAMPLE)) \
		$(if $(OUT),--out "$(OUT)") $(if $(JOBS),--jobs $(JOBS)) $(PROMPTS_ARGS)
