# Two commands: `make run` serves the demonstration district, `make test` passes every test.
# Rust (cargo 1.95 or newer) is the one thing that must be there before.

export CARGO_TERM_COLOR ?= never

.PHONY: run release test check browser-part prepare bench

# Built in little time and memory (the profile `quick` of Cargo.toml).
run: browser-part
	scripts/install run
	SQLX_OFFLINE=true cargo build --profile quick --locked --quiet
	target/quick/muheng serve --demonstration

# Built to be used day by day: target/release/muheng.
release: browser-part
	scripts/install run
	SQLX_OFFLINE=true cargo build --release --locked --quiet

browser-part: assets/dist/map.js

# Folders count as well: they tell when a file is gone.
assets/dist/map.js: assets/node_modules/.package-lock.json assets/build.mjs assets/tsconfig.json $(shell find assets/src)
	cd assets && npm run --silent check && npm run --silent build
	touch $@

assets/node_modules/.package-lock.json: assets/package.json assets/package-lock.json
	scripts/install run
	cd assets && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

test: browser-part
	scripts/install test
	scripts/with-database sh -c 'SQLX_OFFLINE=true cargo test --workspace --locked'

# What every change must pass besides the tests.
check: browser-part
	cargo fmt --all --check
	SQLX_OFFLINE=true cargo clippy --workspace --locked --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings -A rustdoc::private_intra_doc_links' SQLX_OFFLINE=true cargo doc --workspace --locked --no-deps --document-private-items
	scripts/with-database cargo sqlx prepare --no-dotenv --check -- --workspace --all-targets

# After a query or a migration changed.
prepare:
	scripts/with-database cargo sqlx prepare --no-dotenv -- --workspace --all-targets

# Needs gdal-bin, wrk and curl besides; prints the figures of the README's table.
bench: release
	benches/import 100000
	benches/tiles 200000
	benches/contracts 200000
	benches/allocation 100000
	benches/pages 200000
