# The short menu. `make demo` and `make test` need nothing but Rust on a Debian machine: they install the rest.
.PHONY: help demo test dev check bench chaos chaos-long
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

bench: ## webhook to socket, and intake beside bare inserts; release build
	@bash .ci/setup
	cargo build --locked --release --workspace --bins
	target/release/loadtest $(or $(ARGS),all)

chaos: ## everything goes wrong, then all is counted: make chaos STORES=20 SECONDS_TO_RUN=60 SEED=7
	@bash .ci/setup
	$(BUILD)
	@exec target/debug/chaos --stores $(or $(STORES),10) --seconds $(or $(SECONDS_TO_RUN),60) --seed $(or $(SEED),7) $(ARGS)

chaos-long: ## the night's: 600 deaths of the binary
	@$(MAKE) --no-print-directory chaos STORES=$(or $(STORES),50) SECONDS_TO_RUN=$(or $(SECONDS_TO_RUN),5400) ARGS="--kills 600 $(ARGS)"
