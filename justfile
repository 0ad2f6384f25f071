# Format
fmt:
    cargo fmt

# Lints
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# All tests; installs what they need
test *args:
    tests/run {{args}}

# How fast it is
bench:
    cargo bench

# A Debian package
deb:
    packaging/deb
