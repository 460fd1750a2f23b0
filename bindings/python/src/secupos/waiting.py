"""How Python waits for the library: in slices, so that Ctrl-C comes through, and other tasks of asyncio run."""

# Python handles Ctrl-C between two calls of the library, never during one; nobody notices so short a delay, in seconds.
SLICE = 0.1
