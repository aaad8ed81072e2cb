# The commands of a checkout. `make help` lists them.

PLATFORM := .venv-platform/bin/python
SOURCES := PYTHONPATH=$(CURDIR):$(CURDIR)/platform

.DEFAULT_GOAL := help
.PHONY: help demo stop setup test attack lint format bench nlu-report clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 20
	@echo '  .venv-platform/bin/python -m markezy.cli --help   the platform from the command line (PYTHONPATH=.:platform)'

setup: ## fetch and build what is missing; quick when nothing changed
	@python3 -m devstack.setup

demo: setup ## bring everything up and say where to look; Ctrl-C ends it all
	@$(SOURCES) exec $(PLATFORM) -m devstack.demo

stop: ## end a demo that runs elsewhere
	@if [ -x $(PLATFORM) ]; then $(SOURCES) $(PLATFORM) -m devstack.demo stop; else echo 'Markezy is not set up here, so nothing runs.'; fi

test: ## run all tests
	@python3 -m devstack.setup tests
	@$(SOURCES) $(PLATFORM) -m devstack.checks test

attack: ## what an attacker would try, at length, with a table of attempts and leaks
	@python3 -m devstack.setup tests
	@$(SOURCES) $(PLATFORM) -m devstack.checks attack

lint: ## formatting, lint rules, types, boundaries
	@python3 -m devstack.setup
	@$(SOURCES) $(PLATFORM) -m devstack.checks lint

format: ## format the Python code
	@.venv-platform/bin/ruff format .
	@.venv-platform/bin/ruff check --fix --select I --quiet .

bench: setup ## compare with stock Rasa on this machine
	@$(SOURCES) $(PLATFORM) -m devstack.checks bench

nlu-report: setup ## how well each language is understood, by cross-validation and on unseen sentences
	@PYTHONPATH=$(CURDIR) RASA_TELEMETRY_ENABLED=false .venv-bot/bin/python -W ignore -m bot.nlu.report

clean: stop ## remove everything that setup, the demo and the tests wrote
	rm -rf .markezy .rasa .venv-bot .venv-platform .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf channels/widget/web/node_modules channels/widget/web/dist platform/markezy/console/web/node_modules platform/markezy/console/static/vendor
