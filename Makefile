# Two commands: `make run` serves the demonstration district, `make test` passes every test.
# Rust (cargo 1.95 or newer) is the one thing that must be there before.

export CARGO_TERM_COLOR ?= never
BINARY := target/release/muheng

.PHONY: run test check build browser-part prepare bench

run: build
	$(BINARY) serve --demonstration

build: browser-part
	scripts/install run
	SQLX_OFFLINE=true cargo build --release --locked --quiet

browser-part: assets/dist/map.js

assets/dist/map.js: assets/package-lock.json assets/build.mjs $(wildcard assets/src/*)
	scripts/install run
	cd assets && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent check && npm run --silent build

test: browser-part
	scripts/install test
	scripts/with-database sh -c 'SQLX_OFFLINE=true cargo test --locked'

# What every change must pass besides the tests.
check: browser-part
	cargo fmt --check
	SQLX_OFFLINE=true cargo clippy --locked --all-targets -- -D warnings
	scripts/with-database sh -c 'cargo sqlx migrate run --no-dotenv && cargo sqlx prepare --no-dotenv --check -- --all-targets'

# After a query or a migration changed.
prepare:
	scripts/with-database sh -c 'cargo sqlx migrate run --no-dotenv && cargo sqlx prepare --no-dotenv -- --all-targets'

# Needs gdal-bin, wrk and curl besides; prints the figures of the README's table.
bench: build
	benches/import 100000
	benches/tiles 200000
	benches/contracts 200000
	benches/pages 200000
