//! What the Python package declares, asked of CPython itself.

use std::process::Command;

use crate::{Signatures, root};

/// Prints each declaration as `name result argument…`, with one word for each type.
const ASK: &str = r#"
import ctypes
from secupos import _abi, _declarations

PLAIN = {None: "void", ctypes.c_char_p: "text", ctypes.c_int32: "i32", ctypes.c_int64: "i64",
         ctypes.c_uint32: "u32", ctypes.c_size_t: "size", ctypes.POINTER(ctypes.c_char): "text",
         ctypes.POINTER(ctypes.c_int32): "out_i32", ctypes.POINTER(ctypes.c_int64): "out_i64", ctypes.c_void_p: "userdata",
         _declarations.LogCallback: "callback", _declarations.DoneCallback: "callback",
         _declarations.FreeCallback: "callback"}

def kind(declared):
    if declared in PLAIN:
        return PLAIN[declared]
    inner = declared._type_
    if hasattr(inner, "_type_"):
        return "out_" + kind(inner)
    return inner.__name__[len("secupos_"):]

for name in _abi.FUNCTIONS:
    function = getattr(_abi.library, name)
    print(name, kind(function.restype), *[kind(argument) for argument in function.argtypes])
"#;

pub fn signatures() -> Signatures {
    let package = root().join("bindings/python/src");
    let output = Command::new("python3").args(["-c", ASK]).env("PYTHONPATH", package).output().expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.lines()
        .map(|line| {
            let (name, kinds) = line.split_once(' ').expect("a name");
            let spoken = |kind: &str| kind.strip_prefix("out_").map_or(kind.to_owned(), |inner| format!("out {inner}"));
            (name.to_owned(), kinds.split(' ').map(spoken).collect())
        })
        .collect()
}
