//! `include/secupos.h`, read as C: functions with their comments, handles, numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::Signatures;

/// What the header declares.
pub struct Header {
    /// The functions' signatures.
    pub functions: Signatures,
    /// The comment above each function.
    pub comments: BTreeMap<String, String>,
    /// The opaque types' nouns.
    pub handles: BTreeSet<String>,
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
        let mut header = Header { functions: BTreeMap::new(), comments: BTreeMap::new(), handles, numbers };
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
        let mut kinds = vec![self.kind(result.trim_start_matches("SECUPOS_API "))];
        if parameters != "void" {
            let without_name = |parameter: &str| {
                let end = parameter.rfind(|letter: char| !letter.is_alphanumeric() && letter != '_').expect("a type");
                parameter[..=end].to_owned()
            };
            kinds.extend(parameters.split(',').map(|parameter| self.kind(&without_name(parameter))));
        }
        let comment = match before.trim_end().strip_suffix("*/") {
            Some(comment) => comment[comment.rfind("/**").expect("it begins")..].to_owned(),
            None => String::new(),
        };
        self.functions.insert(name.to_owned(), kinds);
        self.comments.insert(name.to_owned(), comment);
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
            (None, "int64_t", 0) => "i64".into(),
            (None, "uint32_t", 0) => "u32".into(),
            (None, "size_t", 0) => "size".into(),
            (None, "int32_t", 0) => "i32".into(),
            // The enums' typedefs are all int32_t.
            (None, _, 0) if base.starts_with("secupos_") => "i32".into(),
            (None, _, 1) if base.starts_with("secupos_") => "out i32".into(),
            _ => panic!("the header uses a type that is not understood: {c:?}"),
        }
    }
}
