//! The C ABI as `src/ffi/` has it: numbers with their names and comments, handles, callbacks, functions, and the texts of
//! the statuses. What is not understood is an error, and so is what the header has and this has not.

use std::collections::BTreeSet;
use std::path::Path;

use syn::{Attribute, Expr, FnArg, ForeignItem, Item, Lit, Pat, ReturnType};

use crate::process::Result;

/// The C ABI.
#[derive(Default)]
pub struct Abi {
    /// SECUPOS_ABI_VERSION.
    pub version: i64,
    /// The types whose values are named numbers.
    pub enums: Vec<Enum>,
    /// The opaque types.
    pub handles: Vec<Handle>,
    /// The types of functions that the library calls.
    pub callbacks: Vec<Callback>,
    /// The functions of the library.
    pub functions: Vec<Function>,
    /// What the cashier reads of each status.
    pub texts: Vec<StatusText>,
}

/// A type whose values are named numbers.
pub struct Enum {
    /// As in C: `secupos_outcome`.
    pub name: String,
    /// The file that declares it.
    pub file: String,
    /// What it is about.
    pub comment: Comment,
    /// Its values.
    pub constants: Vec<Constant>,
}

/// A named number.
pub struct Constant {
    /// As in C: `SECUPOS_OUTCOME_NOT_STARTED`.
    pub name: String,
    /// Without what all constants of the type begin with: `NOT_STARTED`.
    pub word: String,
    /// The number.
    pub number: i64,
    /// What it means.
    pub comment: Comment,
}

/// An opaque type.
pub struct Handle {
    /// As in C: `secupos_till`.
    pub name: String,
    /// What it is.
    pub comment: Comment,
}

/// The type of a function that the library calls.
pub struct Callback {
    /// As in C: `secupos_log_callback`.
    pub name: String,
    /// What it does.
    pub comment: Comment,
    /// What it takes. It returns nothing.
    pub parameters: Vec<Parameter>,
}

/// A function of the library.
pub struct Function {
    /// As in C: `secupos_till_pay`.
    pub name: String,
    /// The file that declares it, without its ending.
    pub noun: String,
    /// What it takes.
    pub parameters: Vec<Parameter>,
    /// What it returns.
    pub result: Type,
}

/// One parameter.
pub struct Parameter {
    /// As in C: `timeout_ms`.
    pub name: String,
    /// Its type.
    pub kind: Type,
}

/// A type of C, as far as the ABI uses them.
#[derive(Clone, PartialEq, Debug)]
pub enum Type {
    Void,
    /// `const char *`
    Text,
    /// `void *`
    Userdata,
    Int32,
    Int64,
    UInt32,
    Size,
    /// A number of an enum.
    Enum(String),
    /// A pointer to an opaque type.
    Handle(String),
    Callback(String),
    /// A place where the function puts a result.
    Out(Box<Type>),
}

/// What the core says of a status.
pub struct StatusText {
    /// The status's number.
    pub number: i64,
    /// The core's own comment.
    pub meaning: String,
    /// What happened and what to do now, in German.
    pub german: String,
    /// What happened and what to do now, in English.
    pub english: String,
}

/// A comment, by paragraphs.
#[derive(Clone, Default)]
pub struct Comment(pub Vec<String>);

impl Comment {
    /// Without what only a caller from C wants to know: the paragraphs that begin with "In C".
    pub fn shared(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|paragraph| !paragraph.starts_with("In C "))
    }

    /// Its first sentence.
    pub fn first_sentence(&self) -> &str {
        let first = self.0.first().map_or("", String::as_str);
        first.split_inclusive(". ").next().unwrap_or("").trim_end()
    }
}

/// What a name of C in a comment stands for.
pub enum Reference<'a> {
    Constant(&'a Enum, &'a Constant),
    /// A function: the noun of its handle, and what is done to it.
    Function(&'a str, &'a str),
}

impl Abi {
    /// Reads the library's sources.
    pub fn read(root: &Path) -> Result<Abi> {
        let folder = root.join("src/ffi");
        let entries = std::fs::read_dir(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
        // The other languages give their paths in UTF-8, on Windows, too.
        files.retain(|file| !file.ends_with("windows.rs"));
        files.sort();
        let mut sources = Vec::new();
        for file in files {
            let noun = file.file_stem().expect("a file").to_string_lossy().into_owned();
            sources.push((noun, parse(&file)?));
        }
        let mut abi = Abi::default();
        for (noun, items) in &sources {
            abi.declare(noun, items).map_err(|fault| format!("src/ffi/{noun}.rs: {fault}"))?;
        }
        for (noun, items) in &sources {
            abi.define(noun, items).map_err(|fault| format!("src/ffi/{noun}.rs: {fault}"))?;
        }
        for one in &mut abi.enums {
            one.name_words()?;
        }
        abi.texts = status_texts(&root.join("src/error.rs"))?;
        abi.agrees_with_the_texts()?;
        abi.has_all_of(&root.join("include/secupos.h"))?;
        Ok(abi)
    }

    /// The types.
    fn declare(&mut self, noun: &str, items: &[Item]) -> Result {
        for item in items {
            match item {
                Item::Type(one) if one.ident.to_string().starts_with("secupos_") => {
                    let (name, comment) = (one.ident.to_string(), comment(&one.attrs));
                    match &*one.ty {
                        syn::Type::Path(path) if path.path.is_ident("i32") => {
                            let file = format!("src/ffi/{noun}.rs");
                            self.enums.push(Enum { name, file, comment, constants: Vec::new() });
                        }
                        _ => self.callbacks.push(Callback { name, comment, parameters: Vec::new() }),
                    }
                }
                Item::Struct(one) if one.ident.to_string().starts_with("secupos_") => {
                    self.handles.push(Handle { name: one.ident.to_string(), comment: comment(&one.attrs) });
                }
                _ => (),
            }
        }
        Ok(())
    }

    /// The numbers, the functions, and what callbacks take.
    fn define(&mut self, noun: &str, items: &[Item]) -> Result {
        for item in items {
            match item {
                Item::Const(one) if one.ident.to_string().starts_with("SECUPOS_") => self.define_constant(one)?,
                Item::Fn(one) if one.sig.abi.is_some() => self.define_function(noun, &one.sig)?,
                Item::Type(one) if self.callbacks.iter().any(|callback| one.ident == callback.name) => {
                    let parameters = self.parameters_of(&one.ty).map_err(|fault| format!("{}: {fault}", one.ident))?;
                    let callback = self.callbacks.iter_mut().find(|callback| one.ident == callback.name);
                    callback.expect("it is one").parameters = parameters;
                }
                Item::ForeignMod(foreign) if foreign.items.iter().any(|item| matches!(item, ForeignItem::Fn(_))) => {
                    return Err("declares a function of somebody else".into());
                }
                _ => (),
            }
        }
        Ok(())
    }

    fn define_constant(&mut self, one: &syn::ItemConst) -> Result {
        let name = one.ident.to_string();
        let number = number(&one.expr).ok_or_else(|| format!("{name} is no plain number"))?;
        let comment = comment(&one.attrs);
        if comment.0.is_empty() {
            return Err(format!("{name} has no comment"));
        }
        let kind = path(&one.ty).ok_or_else(|| format!("{name} has no plain type"))?;
        if name == "SECUPOS_ABI_VERSION" {
            self.version = number;
            return Ok(());
        }
        let owner = self.enums.iter_mut().find(|one| one.name == kind);
        let owner = owner.ok_or_else(|| format!("{name} has the type {kind}, which is no enum"))?;
        owner.constants.push(Constant { name, word: String::new(), number, comment });
        Ok(())
    }

    fn define_function(&mut self, noun: &str, one: &syn::Signature) -> Result {
        let name = one.ident.to_string();
        let told = |fault: String| format!("{name}: {fault}");
        let mut parameters = Vec::new();
        for input in &one.inputs {
            let FnArg::Typed(input) = input else { return Err(told("takes self".into())) };
            let Pat::Ident(called) = &*input.pat else { return Err(told("a parameter has no name".into())) };
            parameters.push(Parameter { name: called.ident.to_string(), kind: self.kind(&input.ty).map_err(told)? });
        }
        let result = match &one.output {
            ReturnType::Default => Type::Void,
            ReturnType::Type(_, kind) => self.kind(kind).map_err(told)?,
        };
        self.functions.push(Function { name, noun: noun.into(), parameters, result });
        Ok(())
    }

    /// Of `Option<unsafe extern "C" fn(level: …, …)>`.
    fn parameters_of(&self, kind: &syn::Type) -> Result<Vec<Parameter>> {
        let not_understood = || "is no i32 and no Option of a function".to_owned();
        let syn::Type::Path(option) = kind else { return Err(not_understood()) };
        let last =
            option.path.segments.last().filter(|segment| segment.ident == "Option").ok_or_else(not_understood)?;
        let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return Err(not_understood()) };
        let Some(syn::GenericArgument::Type(syn::Type::BareFn(function))) = arguments.args.first() else {
            return Err(not_understood());
        };
        if !matches!(function.output, ReturnType::Default) {
            return Err("a callback returns something".into());
        }
        let parameter = |input: &syn::BareFnArg| {
            let (name, _) = input.name.as_ref().ok_or("a parameter has no name")?;
            Ok(Parameter { name: name.to_string(), kind: self.kind(&input.ty)? })
        };
        function.inputs.iter().map(parameter).collect()
    }

    fn kind(&self, kind: &syn::Type) -> Result<Type> {
        let understood = match kind {
            syn::Type::Ptr(pointer) => match (path(&pointer.elem).as_deref(), &*pointer.elem) {
                (Some("c_char"), _) if pointer.const_token.is_some() => Some(Type::Text),
                (Some("c_void"), _) => Some(Type::Userdata),
                (Some(name), _) if self.handles.iter().any(|handle| handle.name == name) => {
                    Some(Type::Handle(name.into()))
                }
                (Some(_), _) if pointer.mutability.is_some() => Some(Type::Out(Box::new(self.kind(&pointer.elem)?))),
                (None, syn::Type::Ptr(_)) if pointer.mutability.is_some() => match self.kind(&pointer.elem)? {
                    handle @ Type::Handle(_) => Some(Type::Out(Box::new(handle))),
                    _ => None,
                },
                _ => None,
            },
            _ => match path(kind).as_deref() {
                Some("i32") => Some(Type::Int32),
                Some("i64") => Some(Type::Int64),
                Some("u32") => Some(Type::UInt32),
                Some("usize") => Some(Type::Size),
                Some(name) if self.enums.iter().any(|one| one.name == name) => Some(Type::Enum(name.into())),
                Some(name) if self.callbacks.iter().any(|one| one.name == name) => Some(Type::Callback(name.into())),
                _ => None,
            },
        };
        understood.ok_or_else(|| "a type is not understood".into())
    }

    /// The enum of this name.
    pub fn named(&self, name: &str) -> Result<&Enum> {
        self.enums.iter().find(|one| one.name == name).ok_or_else(|| format!("src/ffi/ has no {name}"))
    }

    /// Whether the library answers with a number of this type, so that a newer one may answer with one of its own.
    pub fn is_answered(&self, name: &str) -> bool {
        let kind = Type::Enum(name.into());
        let out = Type::Out(Box::new(kind.clone()));
        let answers = |function: &Function| {
            function.result == kind || function.parameters.iter().any(|parameter| parameter.kind == out)
        };
        self.functions.iter().any(answers)
    }

    /// What the cashier reads of a status; none of SECUPOS_OK.
    pub fn text_of(&self, number: i64) -> Option<&StatusText> {
        self.texts.iter().find(|text| text.number == number)
    }

    /// A text whose names of C are those of another language.
    pub fn translated(&self, text: &str, language: &dyn Fn(Reference<'_>) -> Result<String>) -> Result<String> {
        let is_of_a_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let mut translated = String::new();
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|letter| !is_of_a_name(letter)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at(end);
            match word.to_ascii_lowercase().starts_with("secupos_") {
                true => translated += &language(self.referred(word)?)?,
                false => translated += word,
            }
            let next = behind.find(is_of_a_name).unwrap_or(behind.len());
            translated += &behind[..next];
            rest = &behind[next..];
        }
        Ok(translated)
    }

    fn referred<'a>(&'a self, name: &'a str) -> Result<Reference<'a>> {
        let constants = self.enums.iter().flat_map(|one| one.constants.iter().map(move |constant| (one, constant)));
        if let Some((one, constant)) = constants.into_iter().find(|(_, constant)| constant.name == name) {
            return Ok(Reference::Constant(one, constant));
        }
        let function = self.functions.iter().find(|function| function.name == name);
        let function = function.ok_or_else(|| format!("a comment names {name}, which the ABI has not"))?;
        let of_handle = |handle: &'a Handle| {
            let method = function.name.strip_prefix(&handle.name)?.strip_prefix('_')?;
            Some((handle.name.strip_prefix("secupos_")?, method))
        };
        // "payment_list" before "payment".
        let (noun, method) = self
            .handles
            .iter()
            .filter_map(of_handle)
            .max_by_key(|(noun, _)| noun.len())
            .ok_or_else(|| format!("a comment names {name}, which belongs to no handle"))?;
        Ok(Reference::Function(noun, method))
    }

    /// Each status has its texts, and each text its status.
    fn agrees_with_the_texts(&self) -> Result {
        let statuses = self.named("secupos_status")?.constants.iter().map(|constant| constant.number);
        let statuses: BTreeSet<i64> = statuses.filter(|number| *number != 0).collect();
        let texts: BTreeSet<i64> = self.texts.iter().map(|text| text.number).collect();
        match statuses.symmetric_difference(&texts).next() {
            None => Ok(()),
            Some(number) => Err(format!("status {number} is only in one of src/error.rs and src/ffi/error.rs")),
        }
    }

    /// The header is made from the same sources by another program: both have read the same.
    fn has_all_of(&self, header: &Path) -> Result {
        let text = std::fs::read_to_string(header).map_err(|fault| format!("{}: {fault}", header.display()))?;
        let mut there = BTreeSet::new();
        for line in text.lines() {
            let define = line.strip_prefix("#define ").and_then(|line| line.split_once(' '));
            match define.map(|(name, number)| (name, number.parse::<i64>())) {
                Some((name, Ok(number))) => there.insert(format!("{name} {number}")),
                _ => false,
            };
            if let Some((_, declaration)) = line.split_once("SECUPOS_CALL secupos_") {
                there.extend(declaration.split_once('(').map(|(name, _)| format!("secupos_{name}()")));
            }
            let declared = line.strip_prefix("typedef int32_t ").or(line.strip_prefix("typedef struct "));
            there.extend(declared.and_then(|names| names.split([' ', ';']).next()).map(str::to_owned));
        }
        let constants = self.enums.iter().flat_map(|one| &one.constants);
        let mut here: BTreeSet<String> =
            constants.map(|constant| format!("{} {}", constant.name, constant.number)).collect();
        here.insert(format!("SECUPOS_ABI_VERSION {}", self.version));
        here.extend(self.functions.iter().map(|function| format!("{}()", function.name)));
        here.extend(self.enums.iter().map(|one| one.name.clone()));
        here.extend(self.handles.iter().map(|handle| handle.name.clone()));
        match here.symmetric_difference(&there).next() {
            None => Ok(()),
            Some(name) if here.contains(name) => Err(format!("include/secupos.h does not have {name}: make header")),
            Some(name) => Err(format!("include/secupos.h has {name}, which is not understood in src/ffi/")),
        }
    }
}

impl Enum {
    /// `SECUPOS_ABORT_TOO_LATE` of `secupos_abort_result` is `TOO_LATE`: as many words of the type's name are left out as all
    /// of its constants begin with.
    fn name_words(&mut self) -> Result {
        // The one that all other libraries call so, too.
        let success = "SECUPOS_OK";
        let mut prefix = format!("{}_", self.name.to_uppercase());
        while !self.constants.iter().all(|one| one.name == success || one.name.starts_with(&prefix)) {
            let shorter = prefix[..prefix.len() - 1].rfind('_').map(|at| prefix[..=at].to_owned());
            prefix = shorter.filter(|prefix| prefix != "SECUPOS_").ok_or(format!("{}: no common name", self.name))?;
        }
        for constant in &mut self.constants {
            let word = constant.name.strip_prefix(&prefix).or(constant.name.strip_prefix("SECUPOS_"));
            constant.word = word.expect("each begins so").to_owned();
        }
        match self.constants.is_empty() {
            true => Err(format!("{} has no constants", self.name)),
            false => Ok(()),
        }
    }
}

/// The items of a source file.
pub fn parse(file: &Path) -> Result<Vec<Item>> {
    let text = std::fs::read_to_string(file).map_err(|fault| format!("{}: {fault}", file.display()))?;
    Ok(syn::parse_file(&text).map_err(|fault| format!("{}: {fault}", file.display()))?.items)
}

/// The name of a type that is only a name, such as `i32` and `secupos_till`.
fn path(kind: &syn::Type) -> Option<String> {
    match kind {
        syn::Type::Path(path) => path.path.get_ident().map(ToString::to_string),
        _ => None,
    }
}

/// The number that an expression plainly is.
pub fn number(value: &Expr) -> Option<i64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// What stands in an item's `///`, up to what only speaks to Rust.
pub fn comment(attributes: &[Attribute]) -> Comment {
    let line = |attribute: &Attribute| {
        let syn::Meta::NameValue(doc) = &attribute.meta else { return None };
        let Expr::Lit(literal) = &doc.value else { return None };
        match &literal.lit {
            Lit::Str(text) if doc.path.is_ident("doc") => Some(text.value()),
            _ => None,
        }
    };
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let lines = lines.iter().map(|line| line.trim()).take_while(|line| *line != "# Safety");
    let text = lines.collect::<Vec<_>>().join("\n");
    Comment(text.split("\n\n").filter(|one| !one.is_empty()).map(|one| one.replace('\n', " ")).collect())
}

/// The rows of `statuses!` in `src/error.rs`.
fn status_texts(file: &Path) -> Result<Vec<StatusText>> {
    let items = parse(file)?;
    let is_table = |one: &syn::ItemMacro| one.mac.path.is_ident("statuses");
    let mut tables = items.iter().filter_map(|item| match item {
        Item::Macro(one) if is_table(one) => Some(&one.mac),
        _ => None,
    });
    let table = tables.next().ok_or_else(|| format!("{}: no statuses! there", file.display()))?;
    let rows = table.parse_body_with(|input: syn::parse::ParseStream<'_>| {
        let mut rows = Vec::new();
        while !input.is_empty() {
            let meaning = comment(&input.call(Attribute::parse_outer)?).0.join(" ");
            input.parse::<syn::Ident>()?;
            input.parse::<syn::Token![=]>()?;
            let number = input.parse::<syn::LitInt>()?.base10_parse()?;
            input.parse::<syn::LitStr>()?;
            let texts;
            syn::braced!(texts in input);
            let (german, english) = (texts.parse::<syn::LitStr>()?.value(), texts.parse::<syn::LitStr>()?.value());
            rows.push(StatusText { number, meaning, german, english });
        }
        Ok(rows)
    });
    rows.map_err(|fault| format!("{}: {fault}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_an_error() {
        for (source, told) in [
            ("/// A.\npub const SECUPOS_X_A: secupos_x = 1;", "SECUPOS_X_A has the type secupos_x, which is no enum"),
            ("/// A.\npub const SECUPOS_X_A: secupos_x = 1 + 1;", "SECUPOS_X_A is no plain number"),
            ("pub const SECUPOS_X_A: secupos_x = 1;", "SECUPOS_X_A has no comment"),
            ("pub extern \"C\" fn secupos_x(a: u16) {}", "secupos_x: a type is not understood"),
            ("pub extern \"C\" fn secupos_x() -> *const u8 {}", "secupos_x: a type is not understood"),
            ("unsafe extern \"C\" { fn secupos_x(); }", "declares a function of somebody else"),
        ] {
            let items = syn::parse_file(source).expect("Rust").items;
            assert_eq!(Abi::default().define("x", &items), Err(told.to_owned()));
        }
        let fault = Abi::default().translated("see secupos_x_y.", &|_| Ok(String::new()));
        assert_eq!(fault, Err("a comment names secupos_x_y, which the ABI has not".to_owned()));
    }
}
