# coldask's recipes. `make` alone lists them. Needs Python 3.11 or newer with venv, and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SECONDS ?= 120
JOBS ?= 3# test processes: most tests wait for servers
WEIGHTS ?= classifier/weights
MORE ?= tests/data/incoming-own.jsonl tests/data/keepers.jsonl
REAL = $(if $(LABELLED),--labels fitting/labels-enron.jsonl --labelled $(LABELLED))
WITH = --more $(MORE) $(REAL) --authors-left-out $(LEFT_OUT)
FIT = OMP_WAIT_POLICY=passive $(BIN)/python -m fitting
SERVERS := dovecot-imapd dovecot-lmtpd postfix swaks libnet-ssleay-perl msmtp mutt git-email chromium

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench soak fit counts measure docs servers wheel clean

help: ## list the recipes
	@echo "coldask: make <recipe>"
	@sed -n 's/^\([a-z]*\):[^#]*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: $(VENV)/.ready ## play a small cast of mails through the real proxy and watcher, then stay up
	@$(BIN)/python -m proxy demo

test: $(VENV)/.ready-to-test ## run the whole test-suite (pass more with ARGS="-k name")
	@$(BIN)/python -m pytest --numprocesses=$(JOBS) $(ARGS)

check: $(VENV)/.ready-to-test ## lint, layout, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.ready-to-test ## lay the code out as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.ready-to-test ## measure judgement, learning and the relay (bench/README.md)
	$(BIN)/python bench/judge.py
	$(BIN)/python bench/learn.py
	$(BIN)/python bench/relay.py

soak: $(VENV)/.ready-to-test ## kill the service at random under load for SECONDS (120): nothing lost, nothing doubled
	$(BIN)/python bench/soak.py --seconds $(SECONDS)

fit: $(VENV)/.ready-to-fit ## fit both models anew to classifier/corpus and to ordinary mail in MAILS (fitting/README.md; hours)
	@test -n "$(MAILS)" || { echo 'Name ordinary mail for the encoder to listen to: make fit MAILS="folder-of-mailboxes …"'; exit 1; }
	$(BIN)/python -m proxy encoder install
	$(FIT).fit_encoder $(WITH) --out build/$(FITTED)encoder.safetensors
	$(FIT).vectors $(MAILS) --out build/$(FITTED)vectors.npz
	$(FIT).hear $(MAILS) $(WITH) --variants 3 --vectors build/$(FITTED)vectors.npz \
		--fitted build/$(FITTED)encoder.safetensors --out build/$(FITTED)heard
	$(FIT).fit_core $(WITH) --heard build/$(FITTED)heard --vectors build/$(FITTED)vectors.npz \
		--out build/$(FITTED)core.safetensors
	$(FIT).export encoder build/$(FITTED)encoder.safetensors $(WEIGHTS)/encoder.npz
	$(FIT).export core build/$(FITTED)core.safetensors $(WEIGHTS)/core.npz

counts: $(VENV)/.ready ## count anew what the user's own model weighs words against (classifier/weights/background.bin)
	@mkdir -p build
	$(BIN)/python -m proxy train --corpus classifier/corpus --out build
	cp build/background.bin $(WEIGHTS)/

measure: ## fit both without the authors LEFT_OUT (author3 author5), in build/: honest figures and the top layer
	@$(MAKE) --no-print-directory fit LEFT_OUT="$(or $(LEFT_OUT),author3 author5)" FITTED=left-out- WEIGHTS=build
	$(FIT).fit_top core build/core.npz $(or $(LEFT_OUT),author3 author5)
	$(FIT).fit_top encoder build/encoder.npz $(or $(LEFT_OUT),author3 author5)

docs: $(VENV)/.ready-to-test ## write the generated pages in docs/ again
	$(BIN)/python docs/generate.py

servers: ## install what the end-to-end tests need: real servers, and a browser (Debian, root)
	@command -v apt-get >/dev/null || { echo "This needs apt-get (Debian or Ubuntu); install by hand: $(SERVERS)"; exit 1; }
	@test "$$(id -u)" = 0 || { echo "Run it as root: sudo make servers"; exit 1; }
	@tests/servers/install $(SERVERS)

wheel: $(VENV)/.ready-to-test ## build the distribution in dist/
	$(BIN)/python -m build --outdir dist .

clean: ## remove the environment and everything built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An installation is made again only where pyproject.toml has changed since.
$(VENV)/.ready: pyproject.toml | $(VENV)/bin/pip
	@echo "Installing coldask into $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready-to-test: pyproject.toml | $(VENV)/bin/pip
	@echo "Installing coldask and the tools for its tests into $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.ready

$(VENV)/.ready-to-fit: pyproject.toml | $(VENV)/bin/pip
	@echo "Installing coldask and torch into $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[fit]'
	@touch $@ $(VENV)/.ready

$(VENV)/bin/pip:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install it: apt-get install -y python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: coldask needs 3.11 or newer. Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This $(PYTHON) cannot make environments. Install what it lacks: apt-get install -y python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
