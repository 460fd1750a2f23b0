//! `include/secupos.h`, read as C: functions with their comments, handles, numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::Signatures;

/// A function.
pub struct Function {
    /// The kind of its result.
    pub result: String,
    /// Kind and name of each parameter.
    pub parameters: Vec<(String, String)>,
    /// The comment above it.
    pub comment: Comment,
}

/// What stands above a function, each part on one line.
#[derive(Default)]
pub struct Comment {
    /// What comes before the first `@`.
    pub prose: String,
    /// Name and text of each `@param`, in their order.
    pub parameters: Vec<(String, String)>,
    /// The texts of `@return`; one at most.
    pub returns: Vec<String>,
    /// The texts of `@since`; exactly one.
    pub since: Vec<String>,
    /// What begins with another `@`.
    pub others: Vec<String>,
}

impl Comment {
    fn read(text: &str) -> Comment {
        let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches([' ', '*', '/'])).collect();
        let text = lines.join(" ");
        let mut parts = text.split(" @");
        let mut comment = Comment { prose: parts.next().unwrap_or("").trim().to_owned(), ..Comment::default() };
        for part in parts {
            let (tag, rest) = part.split_once(' ').unwrap_or((part, ""));
            let rest = rest.trim();
            match tag {
                "param" => {
                    let (name, text) = rest.split_once(' ').unwrap_or((rest, ""));
                    comment.parameters.push((name.to_owned(), text.trim().to_owned()));
                }
                "return" => comment.returns.push(rest.to_owned()),
                "since" => comment.since.push(rest.to_owned()),
                _ => comment.others.push(part.to_owned()),
            }
        }
        comment
    }

    /// Whether this parameter may be NULL. Of `error` the conventions say so.
    pub fn may_be_null(&self, parameter: &str) -> bool {
        parameter == "error"
            || self.parameters.iter().any(|(name, text)| name == parameter && text.contains("may be NULL"))
    }
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
        let result = self.kind(result.trim_start_matches("SECUPOS_API "));
        self.functions.insert(name.to_owned(), Function { result, parameters, comment: Comment::read(comment) });
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

    /// The statuses that a function's `@return` names: "as secupos_till_pay" names those of that function, except those
    /// that it takes back.
    pub fn named_errors(&self, name: &str) -> BTreeSet<String> {
        let told = self.functions[name].comment.returns.join(" ");
        let Some(told) = told.strip_prefix("as ") else { return self.statuses_in(&told) };
        let (other, except) = told.split_once(", except ").unwrap_or((told, ""));
        &self.named_errors(other) - &self.statuses_in(except)
    }

    /// The errors that the conventions give to every function of this signature.
    pub fn common_errors(&self, name: &str) -> BTreeSet<String> {
        let takes = |wanted: &str| self.functions[name].parameters.iter().any(|(kind, _)| kind == wanted);
        let mut errors = BTreeSet::new();
        if !takes("out error") {
            return errors;
        }
        let mut add = |names: &[&str]| errors.extend(names.iter().map(|&name| name.to_owned()));
        add(&["NULL_ARGUMENT", "INTERNAL"]);
        if self.handles.iter().any(|noun| takes(noun)) {
            add(&["INVALID_HANDLE"]);
        }
        if takes("text") {
            add(&["INVALID_UTF8"]);
        }
        if takes("till") {
            add(&["JOURNAL_FAILED", "STATE_FILE_DAMAGED", "STATE_FILE_TOO_NEW", "FORKED"]);
        }
        if name.ends_with("_wait") || name == "secupos_payment_abort" {
            add(&["FORKED"]);
        }
        errors
    }

    /// The statuses that stand in a text, by their names without a prefix.
    pub fn statuses_in(&self, text: &str) -> BTreeSet<String> {
        let is_status =
            |word: &&str| self.numbers.iter().any(|number| number.starts_with(&format!("SECUPOS_STATUS_{word} ")));
        words(text).filter(is_status).map(str::to_owned).collect()
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
            (None, "int64_t", 1) => "out i64".into(),
            // The enums' typedefs are all int32_t.
            (None, _, 0) if base.starts_with("secupos_") => "i32".into(),
            (None, _, 1) if base.starts_with("secupos_") => "out i32".into(),
            _ => panic!("the header uses a type that is not understood: {c:?}"),
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}
