# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

.DEFAULT_GOAL := help
.PHONY: help serve test check lint format protobuf bench bench-idle bench-recovery bench-chat bench-documents autobahn conformance dist

ARGS ?=
PYTHON ?= python3

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: ## build and serve; ARGS="--port 9000" is passed on
	@scripts/bootstrap.sh serve
	@scripts/release.sh
	@exec .build/release/hibiki serve $(ARGS)

test: ## everything: lint, Swift, web clients, foreign suites, browser
	@scripts/bootstrap.sh test
	@$(PYTHON) -B scripts/test.py

check: ## the quick loop: lint and the Swift tests
	@scripts/bootstrap.sh check
	@$(PYTHON) -B scripts/lint.py
	@swift test --explicit-target-dependency-import-check error

lint: ## format, floors, headers, forbidden words, scripts
	@scripts/bootstrap.sh check
	@$(PYTHON) -B scripts/lint.py

format: ## format the Swift sources in place
	@swift format --in-place --parallel --recursive Package.swift Sources Tests Web

protobuf: ## generate the Swift of Proto/hibiki.proto; builds swift-protobuf's plugin, which takes minutes
	@scripts/bootstrap.sh protobuf
	@$(PYTHON) -B scripts/protobuf.py

dist: ## a Debian package and a tar file, into .build/dist
	@scripts/bootstrap.sh dist
	@scripts/release.sh
	@$(PYTHON) -B scripts/dist.py $(ARGS)

conformance: ## the foreign suites alone; ARGS="browser clients" chooses
	@scripts/bootstrap.sh test
	@scripts/release.sh
	@$(PYTHON) -B Tests/Conformance/run.py $(ARGS)

autobahn: ## all 517 cases of the Autobahn suite, into Documentation/autobahn.md
	@scripts/bootstrap.sh test
	@scripts/release.sh
	@$(PYTHON) -B Tests/Conformance/autobahn/full.py

bench: ## the benchmarks, beside Node's ws on the same machine
	@scripts/bootstrap.sh bench
	@scripts/release.sh hibiki ConformanceTarget
	@Benchmarks/run.sh $(ARGS)

bench-idle: ## 50,000 idle WebSockets, their memory and CPU; ARGS="--connections 10000" is passed on
	@scripts/bootstrap.sh bench
	@scripts/release.sh
	@Benchmarks/run.sh --hold $(ARGS)

bench-recovery: ## what recovery brings back after cuts; ARGS="--clients 100" is passed on
	@scripts/bootstrap.sh bench
	@scripts/release.sh ConformanceTarget
	@$(PYTHON) -B Benchmarks/recovery.py $(ARGS)

bench-chat: ## durable messages per second on SQLite and PostgreSQL; ARGS="--seconds 2" is passed on
	@scripts/bootstrap.sh bench
	@scripts/release.sh ChatBench
	@$(PYTHON) -B Benchmarks/chat.py $(ARGS)

bench-documents: ## a document with 200 readers, beside y-websocket's server; ARGS="--receivers 50" is passed on
	@scripts/bootstrap.sh bench
	@scripts/release.sh
	@$(PYTHON) -B Benchmarks/documents.py $(ARGS)
