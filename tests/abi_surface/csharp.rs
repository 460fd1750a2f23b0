//! What the C# package declares: its `DllImport`s.

use crate::{Signatures, read};

pub fn signatures() -> Signatures {
    let source = read("bindings/csharp/Secupos/Native/NativeMethods.cs");
    let declarations = source.match_indices("static extern ").map(|(at, word)| &source[at + word.len()..]);
    declarations
        .map(|declaration| {
            let (declaration, _) = declaration.split_once(");").expect("a declaration ends");
            let (head, parameters) = declaration.split_once('(').expect("parameters");
            let (result, name) = head.split_once(' ').expect("a result");
            let parameters = parameters.split(',').map(str::trim).filter(|parameter| !parameter.is_empty());
            let arguments = parameters.map(|parameter| {
                let (declared, called) = parameter.rsplit_once(' ').expect("a name");
                match declared {
                    "IntPtr" if called == "userdata" => "userdata".into(),
                    // A free takes the bare pointer: its SafeHandle has let go of it by then.
                    "IntPtr" => name
                        .strip_prefix("secupos_")
                        .and_then(|name| name.strip_suffix("_free"))
                        .map_or_else(|| panic!("{name} takes a bare pointer"), str::to_owned),
                    _ => kind(declared),
                }
            });
            (name.to_owned(), std::iter::once(kind(result)).chain(arguments).collect())
        })
        .collect()
}

fn kind(declared: &str) -> String {
    if let Some(inner) = declared.strip_prefix("out ") {
        return format!("out {}", kind(inner));
    }
    match declared {
        "void" => "void".into(),
        "int" => "i32".into(),
        "long" => "i64".into(),
        "uint" => "u32".into(),
        "UIntPtr" => "size".into(),
        "byte[]" | "IntPtr" => "text".into(),
        "LogCallback" | "DoneCallback" | "FreeCallback" => "callback".into(),
        _ => noun(declared),
    }
}

/// `RenderOptionsHandle` and `LentErrorHandle` are handles of `render_options` and `error`.
fn noun(class: &str) -> String {
    let class = class.strip_suffix("Handle").unwrap_or_else(|| panic!("{class} is no SafeHandle"));
    let class = class.strip_prefix("Lent").unwrap_or(class);
    let mut noun = String::new();
    for letter in class.chars() {
        if letter.is_uppercase() && !noun.is_empty() {
            noun.push('_');
        }
        noun.extend(letter.to_lowercase());
    }
    noun
}
