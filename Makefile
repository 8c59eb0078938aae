# Two commands on a fresh machine: make demo, make test. Both set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WEB_READY := web/node_modules/.ready
DOCUMENTS_READY := $(VENV)/.ready_for_documents
BULK_READY := $(VENV)/.ready_for_bulk
NODE := $(BIN)/node
# The floors of the core, which the tests cover whole, branches included.
CORE := src/signedcert/model/*,src/signedcert/codec/*,src/signedcert/crypto/*,src/signedcert/share/*,src/signedcert/trust/*,src/signedcert/verify/*,src/signedcert/issue.py,src/signedcert/errors.py

# What the development set has: all but Ray, which is as large as all the rest and is measured by
# `make bench` in an environment of its own.
EXTRAS := qr fetch pdf hsm cli bulk spark

.PHONY: demo test check page bench fuzz schemas lock clean

demo: $(READY)
	$(BIN)/signedcert demo --out build/demo

test: check $(DOCUMENTS_READY) $(BULK_READY)
	$(BIN)/python -m pytest -n auto -q --cov --cov-report= tests/unit tests/property
	$(BIN)/coverage report --fail-under=100 --include='$(CORE)'
	$(BIN)/python -m pytest -n auto -q tests/documents tests/cli tests/contract tests/differential
	$(BIN)/python -m pytest -n auto --dist loadgroup -q tests/bulk
	$(NODE) --test --test-reporter=dot 'web/tests/**/*.test.ts'
	$(BIN)/python -m pytest -n auto -q tests/browser

check: $(READY) $(WEB_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE) web/node_modules/typescript/bin/tsc --project web
	$(NODE) web/node_modules/prettier/bin/prettier.cjs --check --log-level warn web
	$(NODE) web/build.ts --check

# The verify page, as the package ships it.
page: $(READY) $(WEB_READY)
	$(NODE) web/build.ts

bench: $(READY)
	$(BIN)/python -m benchmarks.run $(if $(COURSES),--courses $(COURSES)) $(if $(ROWS_MAX),--rows-max $(ROWS_MAX))

fuzz: $(READY) $(WEB_READY)
	$(BIN)/python -m tests.differential --inputs 200000
	$(BIN)/python -m pytest tests/property -n auto --hypothesis-profile=long

schemas: $(READY)
	$(BIN)/python tools/generate_schemas.py
	$(BIN)/python tools/generate_spec_examples.py

lock: $(READY)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		$(foreach extra,$(EXTRAS),--extra $(extra)) --group dev --group bootstrap pyproject.toml -o requirements-dev.lock

$(READY): pyproject.toml requirements-dev.lock tools/bootstrap.sh
	sh tools/bootstrap.sh $(PYTHON) $(VENV)
	touch $@

$(WEB_READY): web/package.json web/package-lock.json tools/bootstrap_web.sh $(READY)
	sh tools/bootstrap_web.sh $(VENV)
	touch $@

$(DOCUMENTS_READY): tools/bootstrap_documents.sh $(READY)
	sh tools/bootstrap_documents.sh
	touch $@

$(BULK_READY): tools/bootstrap_bulk.sh $(READY)
	sh tools/bootstrap_bulk.sh
	touch $@

clean:
	rm -rf $(VENV) web/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
