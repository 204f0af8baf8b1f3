# Two commands do all the set-up themselves: `make demo` and `make test`.
# The others are for those who change this software, or want to see it measured.
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
CODE := src lab/src tests bench tools interop matrix contract browser soak

.PHONY: help setup demo test lab check format rehearse rehearse-year exposure bench soak soak-short break-laws exhaust soak-lab interop mutants matrix contract browser docs lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: ## builds .venv with both programs (the others call it)
	@tools/setup.sh

demo: setup ## the main job, told in acts, in the lab (about 20 s)
	@echo "demo: a ThreatQ and a NetScaler on this machine, the connector between them; about 20 s"
	@$(BIN)/citrix-waf-lab demo

test: setup ## the tests (about 3 min)
	@echo "test: laws, contracts, both protocols, crashes at each request; about 3 min"
	@$(BIN)/pytest -n 2

lab: setup ## starts the lab and prints what to type
	@$(BIN)/citrix-waf-lab up --card

check: setup ## format, lint, types, import contracts, tests with branch coverage, docs
	@tools/check.sh

format: setup ## puts the code into its one format
	@$(BIN)/ruff format $(CODE) && $(BIN)/ruff check --fix $(CODE)

rehearse: setup ## replays real history in the lab: DATA=FOLDER/threatfox [WRITE=docs/safety.md]
	@echo "rehearse: one run a revision, in the lab; a minute or two for each history"
	@PYTHONPATH=tests $(BIN)/python bench/rehearse.py "$(DATA)" $(if $(WRITE),--write $(WRITE))

rehearse-year: setup ## a year, a run a day, held against the rules: DATA=FOLDER/threatfox [WRITE=docs/selection.md]
	@echo "rehearse-year: two years of 365 runs in the lab, side by side; about 8 min"
	@PYTHONPATH=tests $(BIN)/python bench/year.py "$(DATA)" $(if $(WRITE),--write $(WRITE))

exposure: setup ## address-hours open and wrongly blocked: DATA=FOLDER/threatfox [WRITE= PLOT=]
	@echo "exposure: a history three times, 5 % of the runs struck by faults; 2 to 10 min"
	@PYTHONPATH=tests $(BIN)/python bench/exposure.py "$(DATA)" $(if $(WRITE),--write $(WRITE)) $(if $(PLOT),--plot $(PLOT))

bench: setup ## figures: requests, time and memory, beside a floor and a peer
	@$(BIN)/python bench/load.py && $(BIN)/python bench/plan.py && $(BIN)/python bench/allow.py && $(BIN)/python bench/answers.py

soak: setup ## a machine looks for the bad sequence: 2,000 runs (about 10 min)
	@echo "soak: two connectors, people, crashes and faults; 2,000 runs of 50 steps; about 10 min"
	@PYTHONPATH=tests $(BIN)/python -m soak.run 2000 50

soak-short: setup ## 200 runs of it, always the same ones (about 1 min)
	@PYTHONPATH=tests $(BIN)/python -m soak.run 200 50 2 1

break-laws: setup ## breaks the program, once for each law: is it noticed? [WRITE=docs/safety.md]
	@echo "break-laws: each law of the machine broken on purpose, and looked for; about 8 min"
	@PYTHONPATH=tests:bench $(BIN)/python -m soak.break_laws $(if $(WRITE),--write $(WRITE))

exhaust: setup ## every order of events over three addresses, as deep as 10 min carry
	@PYTHONPATH=tests $(BIN)/python -m soak.exhaust 600

soak-lab: setup ## an hour of random requests to the lab (SECONDS=3600)
	@mkdir -p build && tools/soak-lab.sh $(SECONDS)

interop: setup ## clients nobody here wrote drive the lab (about 1 min)
	@echo "interop: foreign clients, installed in build/interop, drive the lab; about 1 min"
	@$(BIN)/python -m interop.run

mutants: setup ## thirty labs made wrong, and who notices each: [WRITE=1] (about 4 min; after interop)
	@PYTHONPATH=bench $(BIN)/python -m interop.watched $(if $(WRITE),--write)

browser: setup ## alerts, units, man page, completions, the report: by Debian's own programs (50 s; SHOTS=1 renews its pictures)
	@tools/debian.sh promtool=prometheus systemd-analyze=systemd logrotate=logrotate mandoc=mandoc zsh=zsh fish=fish chromium=chromium
	@$(BIN)/python -m browser.environment
	@SHOTS="$(SHOTS)" $(BIN)/pytest -n 2 --dist loadfile -q browser

matrix: setup ## the contract under both answers to every open question (about 90 s)
	@echo "matrix: every answer alone, and every pair of answers; about 90 s"
	@PYTHONPATH=tests $(BIN)/python -m matrix.run

contract: setup ## the contract against a real system: TARGET=netscaler URL=...
	@PYTHONPATH=tests $(BIN)/python -m contract.run --target "$(TARGET)" --url "$(URL)" \
		$(if $(USERNAME),--username "$(USERNAME)") $(OPTIONS)

docs: setup ## renews what is generated from the code
	@tools/docs.sh

lock: ## renews the lock files (needs pip-tools)
	@tools/lock.sh
