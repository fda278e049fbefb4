# The commands. Each is one script; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: run test dev bench build fmt lint prepare help

run: ## set up, build, and serve the demo site at http://localhost:3000 (PORT=…, DATABASE_URL=…)
	@script/run

test: ## everything that must hold: format, lints, unit, database and browser tests
	@script/test

dev: ## like run, unoptimised, and again after every change
	@script/dev

bench: ## measure (QR_IMAGES=folder of pictures)
	@script/bench

build: ## only build both halves as they ship
	@script/need && script/build release

fmt: ## format the Rust code
	@cargo fmt

lint: ## only the lints
	@script/test lints

prepare: ## after a query or migration has changed: describe the queries anew (store/.sqlx)
	@script/prepare

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16
