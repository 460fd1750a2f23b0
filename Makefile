# secupos. A newcomer needs two of these: make demo, make test.

SHIP := target/lib/release
# The tools look for what is built in target/, wherever else cargo is set up to build; and rustup's cargo is found
# where a login shell would find it.
export CARGO_TARGET_DIR := $(CURDIR)/target
export PATH := $(PATH):$(HOME)/.cargo/bin
.PHONY: demo test prove soak lib cli header install uninstall dist clean

# Sells a bread roll for 0.01 EUR on the simulator, from C, Python and C#.
demo:
	@tools/demo

# Everything that CI runs: Rust, C under valgrind, Python, C#.
test:
	@tools/test

# What is slower than CI should be, after everything that CI runs.
prove: test
	@tools/prove

# The long proof that no payment is lost and none charged twice: half an hour.
soak:
	@tools/soak

# The library that ships, alone in its own target directory, so that no other build can overwrite it.
lib:
	@cargo rustc --quiet --release --lib --crate-type cdylib --target-dir target/lib
	@ln -sf libsecupos.so $(SHIP)/libsecupos.so.1

# The command line, which brings the simulator.
cli:
	@cargo build --quiet -p secupos-cli

# Blesses include/secupos.h after a change to src/ffi/, and what the other languages repeat of it.
header:
	@cargo xtask header
	@cargo xtask bindings

# Headers, library, pkg-config and CMake files: make install PREFIX=/usr/local [DESTDIR=…]
PREFIX ?= /usr/local
install: lib
	@packaging/c/install put "$(PREFIX)" "$(DESTDIR)"

uninstall:
	@packaging/c/install remove "$(PREFIX)" "$(DESTDIR)"

# What is released, into dist/: C and the command line as archives, a wheel, a NuGet package; checksums.
dist:
	@tools/dist

clean:
	@cargo clean
