//! A till's settings in a file: TOML, its keys named as the options are.

use std::io::ErrorKind;
use std::path::Path;

use secupos::error::{Error, Result};

use crate::setup::Settings;

/// The file that is read if none is named.
pub const USUAL: &str = "secupos.toml";

/// Reads settings. Files that they name are looked for in the file's own folder.
pub fn read(file: &Path) -> Result<Settings> {
    let text = std::fs::read_to_string(file).map_err(|fault| refused(file, &format!("cannot be read: {fault}")))?;
    let settings: Settings = toml::from_str(&text).map_err(|fault| {
        // Only where and why: the line itself may hold a secret, and so may a value of the wrong type.
        let before = fault.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let why = match fault.message().split_once(", expected ") {
            Some((found, expected)) if found.starts_with("invalid ") => format!("the value must be {expected}"),
            _ => fault.message().to_owned(),
        };
        refused(file, &format!("line {}: {why}", before.matches('\n').count() + 1))
    })?;
    Ok(settings.in_folder(file.parent().unwrap_or(Path::new(""))))
}

/// Reads settings; none if there is no such file.
pub fn read_if_there(file: &Path) -> Result<Settings> {
    match file.symlink_metadata() {
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(Settings::default()),
        _ => read(file),
    }
}

fn refused(file: &Path, fault: &str) -> Error {
    Error::argument("config", format!("{} {fault}", file.display()))
}
