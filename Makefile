# The short menu. `make demo` and `make test` need nothing but Rust on a Debian machine: they install the rest.
.PHONY: help demo test dev check bench simulate load scale chaos chaos-long
.DEFAULT_GOAL := help
# One selection of packages for every target: cargo then builds each dependency once for all of them.
BUILD := cargo build --locked --workspace --bins

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

demo: ## simulated shops and a live panel; pass flags as in: make demo ARGS="--stores 20 --rate 5"
	@bash .ci/setup
	$(BUILD)
	@exec target/debug/storewire demo $(ARGS)

test: ## everything that CI checks, the browser tests among it
	@bash .ci/setup browser
	cargo fmt --all --check
	$(BUILD) && cargo test --locked --workspace

dev: ## the server on your own data, with a log for people
	@bash .ci/setup
	$(BUILD) && exec target/debug/storewire serve $(ARGS)

check: ## formatting and lints, as before a submission
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

bench: ## all benchmarks beside their limits, one table; release build
	@bash .ci/setup
	cargo build --locked --release --workspace --bins
	.ci/no-failpoints target/release/storewire
	target/release/loadtest $(or $(ARGS),all)

simulate: ## store actors' decisions in seeded worlds: make simulate SEEDS=10000
	STOREWIRE_SEEDS=$(or $(SEEDS),10000) cargo test --locked -p storewire-actors --lib simulation -- --nocapture

load: ## simulated shops trade, all is counted: make load STORES=200 RATE=50 SECONDS_TO_RUN=60
	@bash .ci/setup
	cargo build --locked --release --workspace --bins
	@exec target/release/load --stores $(or $(STORES),200) --rate $(or $(RATE),50) --seconds $(or $(SECONDS_TO_RUN),60) $(ARGS)

scale: ## ten thousand stores on one node, beside a thousand
	@bash .ci/setup
	cargo build --locked --release --workspace --bins
	@exec target/release/scale $(or $(ARGS),run)

chaos: ## everything goes wrong, then all is counted: make chaos STORES=20 SECONDS_TO_RUN=60 SEED=7
	@bash .ci/setup
	$(BUILD)
	@exec target/debug/chaos --stores $(or $(STORES),10) --seconds $(or $(SECONDS_TO_RUN),60) --seed $(or $(SEED),7) $(ARGS)

chaos-long: ## the night's: 600 deaths of the binary
	@$(MAKE) --no-print-directory chaos STORES=$(or $(STORES),40) SECONDS_TO_RUN=$(or $(SECONDS_TO_RUN),2700) ARGS="--kills 600 $(ARGS)"
