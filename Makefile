# secupos. A newcomer needs two of these: make demo, make test.

# Everything is built in target/, wherever else cargo is set up to build; and rustup's cargo is found where a login shell
# would find it.
export CARGO_TARGET_DIR := $(CURDIR)/target
export PATH := $(PATH):$(HOME)/.cargo/bin
.PHONY: demo test prove windows soak bench lib cli header install uninstall dist clean

# Sells a bread roll for 0.01 EUR on the simulator, from C, Python and C#.
demo:
	@tools/xtask demo

# Everything that CI runs: Rust, C under valgrind, Python, C#. One step: cargo xtask test --only STEP
test:
	@tools/xtask test

# What is slower than CI should be, after everything that CI runs. One step: cargo xtask prove --only STEP
prove: test
	@tools/xtask prove
	@tools/xtask windows

# Everything for Windows, 64 and 32 bits, built here and run under Wine; a part of make prove. One step: cargo xtask windows
# --only STEP
windows:
	@tools/xtask windows

# The long proof that no payment is lost and none charged twice: half an hour.
soak:
	@tools/xtask soak

# What it costs, side by side with others in one run; writes docs/performance.md. It takes about half an hour and 10 GB.
bench:
	@tools/xtask bench

# The library that ships, alone in its own target directory, so that no other build can overwrite it.
lib:
	@tools/xtask library

# The command line, which brings the simulator.
cli:
	@cargo build --quiet -p secupos-cli

# Blesses include/secupos.h after a change to src/ffi/, and what the other languages repeat of it.
header:
	@tools/xtask header && tools/xtask bindings

# Headers, library, pkg-config and CMake files: make install PREFIX=/usr/local [DESTDIR=…]
PREFIX ?= /usr/local
install: lib
	@packaging/c/install put "$(PREFIX)" "$(DESTDIR)"

uninstall:
	@packaging/c/install remove "$(PREFIX)" "$(DESTDIR)"

# What is released, into dist/: C and the command line as archives, wheels, a NuGet package; bills of materials; checksums.
dist:
	@tools/xtask dist

clean:
	@cargo clean
