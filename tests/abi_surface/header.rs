//! `include/secupos.h`, read as C: functions with their comments, handles, numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::Signatures;

/// A function.
pub struct Function {
    /// The kind of its result.
    pub result: String,
    /// Kind and name of each parameter.
    pub parameters: Vec<(String, String)>,
    /// The comment above it, on one line.
    pub comment: String,
    /// Which parameters may be NULL, says the comment.
    pub may_be_null: BTreeSet<String>,
}

/// What the header declares.
pub struct Header {
    /// The functions by name.
    pub functions: BTreeMap<String, Function>,
    /// The opaque types' nouns.
    pub handles: BTreeSet<String>,
    /// Those of them that several threads may use at once, say their comments.
    pub shared: BTreeSet<String>,
    /// `NAME number`, for each constant that has a number.
    pub numbers: BTreeSet<String>,
}

impl Header {
    pub fn read(text: &str) -> Header {
        let noun = |line: &str| Some(line.strip_prefix("typedef struct secupos_")?.split_once(' ')?.0.to_owned());
        let handles: BTreeSet<String> = text.lines().filter_map(noun).collect();
        let number = |line: &str| {
            let (name, number) = line.strip_prefix("#define ")?.split_once(' ')?;
            number.trim().parse::<i64>().ok().map(|number| format!("{name} {number}"))
        };
        let numbers = text.lines().filter_map(number).collect();
        let is_shared = |noun: &&String| {
            let before = text.split_once(&format!("typedef struct secupos_{noun} ")).map_or("", |(before, _)| before);
            before[before.rfind("/**").unwrap_or(0)..].contains("Shared:")
        };
        let shared = handles.iter().filter(is_shared).cloned().collect();
        let mut header = Header { functions: BTreeMap::new(), handles, shared, numbers };
        for (at, _) in text.match_indices("\nSECUPOS_API ") {
            header.declare(&text[..at], &text[at + 1..]);
        }
        header
    }

    /// One function: what stands before it ends with its comment.
    fn declare(&mut self, before: &str, declaration: &str) {
        let (declaration, _) = declaration.split_once(");").expect("a declaration ends");
        let declaration = declaration.replace('\n', " ");
        let (result, rest) = declaration.split_once("SECUPOS_CALL ").expect("a calling convention");
        let (name, parameters) = rest.split_once('(').expect("parameters");
        let parameters = parameters.trim();
        let parameter = |text: &str| {
            let end = text.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_').expect("a type") + 1;
            (self.kind(&text[..end]), text[end..].to_owned())
        };
        let parameters = match parameters.trim() {
            "void" => Vec::new(),
            several => several.split(',').map(|text| parameter(text.trim_end())).collect(),
        };
        let comment =
            before.trim_end().strip_suffix("*/").map_or("", |text| &text[text.rfind("/**").expect("it begins")..]);
        let comment: Vec<&str> = comment.lines().map(|line| line.trim_start_matches([' ', '*', '/'])).collect();
        let comment = comment.join(" ");
        let about_null = comment
            .split_once("NULL:")
            .map_or("", |(_, rest)| rest.split_once("Threads:").map_or(rest, |(null, _)| null));
        let words = about_null.split_once("may be NULL").map_or("", |(before, _)| before);
        let is_named = |name: &&String| {
            words.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == *name)
        };
        let may_be_null = parameters.iter().map(|(_, name)| name).filter(is_named).cloned().collect();
        let result = self.kind(result.trim_start_matches("SECUPOS_API "));
        self.functions.insert(name.to_owned(), Function { result, parameters, comment, may_be_null });
    }

    /// The functions' signatures.
    pub fn signatures(&self) -> Signatures {
        let kinds = |function: &Function| {
            std::iter::once(function.result.clone())
                .chain(function.parameters.iter().map(|(kind, _)| kind.clone()))
                .collect()
        };
        self.functions.iter().map(|(name, function)| (name.clone(), kinds(function))).collect()
    }

    /// The statuses that a function's comment names, those of the functions that it refers to included.
    pub fn errors_of(&self, name: &str) -> BTreeSet<String> {
        let comment = &self.functions[name].comment;
        let told = comment.split_once("Errors:").map_or("", |(_, told)| told);
        let mut errors = BTreeSet::new();
        for word in told.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
            if self.numbers.iter().any(|number| number.starts_with(&format!("SECUPOS_STATUS_{word} "))) {
                errors.insert(word.to_owned());
            }
            if word != name && self.functions.contains_key(word) {
                errors.extend(self.errors_of(word));
            }
        }
        errors
    }

    fn kind(&self, c: &str) -> String {
        let plain = c.replace("const ", "").replace(' ', "");
        let stars = plain.matches('*').count();
        let base = plain.trim_end_matches('*');
        let noun = base.strip_prefix("secupos_").filter(|noun| self.handles.contains(*noun));
        match (noun, base, stars) {
            (Some(noun), _, 1) => noun.to_owned(),
            (Some(noun), _, 2) => format!("out {noun}"),
            (None, "char", 1) => "text".into(),
            (None, "void", 0) => "void".into(),
            (None, "void", 1) => "userdata".into(),
            (None, _, 0) if base.ends_with("_callback") => "callback".into(),
            (None, "int64_t", 0) => "i64".into(),
            (None, "uint32_t", 0) => "u32".into(),
            (None, "size_t", 0) => "size".into(),
            (None, "int32_t", 0) => "i32".into(),
            (None, "int32_t", 1) => "out i32".into(),
            // The enums' typedefs are all int32_t.
            (None, _, 0) if base.starts_with("secupos_") => "i32".into(),
            (None, _, 1) if base.starts_with("secupos_") => "out i32".into(),
            _ => panic!("the header uses a type that is not understood: {c:?}"),
        }
    }
}
