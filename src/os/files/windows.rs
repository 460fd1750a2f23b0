//! Files on Windows.
//!
//! A new file would have the rights that its folder hands down, and most folders let every user of the machine read: so each
//! is made with rights of its own. Virus scanners, indexers and backup programs open what has just been written, without
//! letting anybody else have it: so whatever is refused for that is tried again for a moment.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::FromRawHandle;
use std::path::{Component, Path, PathBuf, Prefix};
use std::ptr;
use std::time::{Duration, Instant};

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_LOCK_VIOLATION, ERROR_NONE_MAPPED, ERROR_SHARING_VIOLATION, GENERIC_READ, GENERIC_WRITE,
    INVALID_HANDLE_VALUE, LocalFree,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, ConvertStringSidToSidW,
    SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, LookupAccountNameW, PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID,
    SECURITY_ATTRIBUTES, SetFileSecurityW,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_CREATION_DISPOSITION, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, MOVEFILE_REPLACE_EXISTING, MOVEFILE_WRITE_THROUGH, MoveFileExW, OPEN_ALWAYS,
};

use crate::os::files::Access;

/// Nothing from the folder (`D:P`); everything for the file's owner, for the system and for its administrators.
const OWNER_ALONE: &str = "D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)";

/// How long another program may have a file.
const PATIENCE: Duration = Duration::from_secs(1);
const TRIED_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// More than any name of a domain, or any identifier of a group, takes.
const LONGEST_ACCOUNT: usize = 256;

/// Longer paths are opened only if they are written in full. It is 260 with the NUL, and SQLite puts endings behind it.
const LONGEST_PLAIN_PATH: usize = 240;

/// A group, or a single user, by the identifier that the system writes as text: `S-1-5-32-545`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group(String);

impl Group {
    /// The group or user of this name or identifier; none if this machine knows none.
    pub fn named(name: &str) -> io::Result<Option<Group>> {
        let name = letters(name)?;
        if let Some(group) = Identifier::parsed(&name) {
            return group.text().map(|text| Some(Group(text)));
        }
        let mut group = [0_u64; LONGEST_ACCOUNT / size_of::<u64>()];
        let mut domain = [0_u16; LONGEST_ACCOUNT];
        let (mut bytes, mut letters, mut kind) = (size_of_val(&group) as u32, domain.len() as u32, 0);
        // SAFETY: the name ends with a NUL, and everything else is this function's and as long as it says.
        let found = succeeded(unsafe {
            LookupAccountNameW(
                ptr::null(),
                name.as_ptr(),
                group.as_mut_ptr().cast(),
                &mut bytes,
                domain.as_mut_ptr(),
                &mut letters,
                &mut kind,
            )
        });
        match found {
            Ok(()) => text_of(group.as_mut_ptr().cast()).map(|text| Some(Group(text))),
            Err(fault) if fault.raw_os_error() == Some(ERROR_NONE_MAPPED as i32) => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

/// An identifier that the system has read from a text.
struct Identifier(PSID);

impl Identifier {
    fn parsed(text: &[u16]) -> Option<Identifier> {
        let mut found: PSID = ptr::null_mut();
        // SAFETY: the text ends with a NUL, and the pointer is this function's.
        let parsed = unsafe { ConvertStringSidToSidW(text.as_ptr(), &mut found) };
        (parsed != 0).then_some(Identifier(found))
    }

    fn text(&self) -> io::Result<String> {
        text_of(self.0)
    }
}

impl Drop for Identifier {
    fn drop(&mut self) {
        // SAFETY: the system has allocated it for this.
        unsafe { LocalFree(self.0) };
    }
}

fn text_of(group: PSID) -> io::Result<String> {
    let mut text = ptr::null_mut();
    // SAFETY: the caller's group is one, and the pointer is this function's.
    succeeded(unsafe { ConvertSidToStringSidW(group, &mut text) })?;
    // SAFETY: what the system has written ends with a NUL.
    let letters = unsafe { std::slice::from_raw_parts(text, (0..).take_while(|at| *text.add(*at) != 0).count()) };
    let owned = String::from_utf16_lossy(letters);
    // SAFETY: the system has allocated it for this.
    unsafe { LocalFree(text.cast()) };
    Ok(owned)
}

pub(super) fn open_private(path: &Path, access: &Access) -> io::Result<File> {
    open(path, access, OPEN_ALWAYS)
}

pub(super) fn create_private(path: &Path, access: &Access) -> io::Result<File> {
    open(path, access, CREATE_NEW)
}

fn open(path: &Path, access: &Access, what: FILE_CREATION_DISPOSITION) -> io::Result<File> {
    let (path, rights) = (wide(path)?, Rights::new(access)?);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: size_of::<SECURITY_ATTRIBUTES>() as u32,
        lpSecurityDescriptor: rights.0,
        bInheritHandle: 0,
    };
    patiently(|| {
        // SAFETY: the path ends with a NUL, and the rights live as long as this function.
        let handle = unsafe {
            CreateFileW(
                path.as_ptr(),
                GENERIC_READ | GENERIC_WRITE,
                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                &attributes,
                what,
                FILE_ATTRIBUTE_NORMAL,
                ptr::null_mut(),
            )
        };
        if handle == INVALID_HANDLE_VALUE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it has just been opened, and nobody else owns it.
        Ok(unsafe { File::from_raw_handle(handle) })
    })
}

pub(super) fn make_private(path: &Path, access: &Access) -> io::Result<()> {
    let (path, rights) = (wide(path)?, Rights::new(access)?);
    let what = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;
    // SAFETY: the path ends with a NUL, and the rights live as long as this function.
    patiently(|| succeeded(unsafe { SetFileSecurityW(path.as_ptr(), what, rights.0) }))
}

pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    patiently(|| File::open(path))
}

pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    patiently(|| File::options().write(true).open(path))
}

/// It returns when the new name is on the disk: a folder cannot be synced.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let (from, to) = (wide(from)?, wide(to)?);
    let how = MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH;
    // SAFETY: both paths end with a NUL.
    patiently(|| succeeded(unsafe { MoveFileExW(from.as_ptr(), to.as_ptr(), how) }))
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    patiently(|| fs::remove_file(path))
}

/// NTFS writes what becomes of names into its own journal, which syncing any file of it brings to the disk; a rename waits for
/// that by itself.
pub(super) fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Ok(found) => Ok(as_people_write_it(found)),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Err(fault),
        // Some file systems cannot say what is behind a name. Then it is taken as it is.
        Err(fault) => {
            if path.exists() {
                std::path::absolute(path)
            } else {
                Err(fault)
            }
        }
    }
}

/// Without the mark `\\?\` of paths written in full, where it changes nothing.
fn as_people_write_it(path: PathBuf) -> PathBuf {
    let mut components = path.components();
    let Some(Component::Prefix(prefix)) = components.next() else { return path };
    let mut plain = match prefix.kind() {
        Prefix::VerbatimDisk(letter) => OsString::from(format!("{}:", char::from(letter))),
        Prefix::VerbatimUNC(server, share) => {
            let mut plain = OsString::from(r"\\");
            plain.push(server);
            plain.push(r"\");
            plain.push(share);
            plain
        }
        _ => return path,
    };
    plain.push(components.as_path());
    plain.into()
}

pub(super) fn in_full(path: &Path) -> Cow<'_, Path> {
    if path.as_os_str().encode_wide().count() < LONGEST_PLAIN_PATH {
        return Cow::Borrowed(path);
    }
    let Ok(path) = std::path::absolute(path) else { return Cow::Borrowed(path) };
    let mut components = path.components();
    let Some(Component::Prefix(prefix)) = components.next() else { return Cow::Owned(path) };
    let mut full = OsString::from(r"\\?\");
    match prefix.kind() {
        Prefix::Disk(letter) => full.push(format!("{}:", char::from(letter))),
        Prefix::UNC(server, share) => {
            for part in [OsStr::new("UNC"), OsStr::new(r"\"), server, OsStr::new(r"\"), share] {
                full.push(part);
            }
        }
        _ => return Cow::Owned(path),
    }
    full.push(components.as_path());
    Cow::Owned(full.into())
}

/// A path as the system's own calls want it.
fn wide(path: &Path) -> io::Result<Vec<u16>> {
    letters(in_full(path).as_os_str())
}

/// A text as the system's own calls want it.
fn letters(text: impl AsRef<OsStr>) -> io::Result<Vec<u16>> {
    let mut letters: Vec<u16> = text.as_ref().encode_wide().collect();
    if letters.contains(&0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "there is a NUL in the text"));
    }
    letters.push(0);
    Ok(letters)
}

/// The rights in the system's own words.
fn in_words(access: &Access) -> String {
    match access {
        Access::Owner => OWNER_ALONE.to_owned(),
        Access::Group(Group(group)) => format!("{OWNER_ALONE}(A;;FA;;;{group})"),
    }
}

/// The rights with which files are made.
struct Rights(PSECURITY_DESCRIPTOR);

impl Rights {
    fn new(access: &Access) -> io::Result<Rights> {
        let text = letters(in_words(access))?;
        let mut rights: PSECURITY_DESCRIPTOR = ptr::null_mut();
        // SAFETY: the text ends with a NUL, and the pointer is this function's.
        succeeded(unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &mut rights,
                ptr::null_mut(),
            )
        })?;
        Ok(Rights(rights))
    }
}

impl Drop for Rights {
    fn drop(&mut self) {
        // SAFETY: the system has allocated it for this.
        unsafe { LocalFree(self.0) };
    }
}

fn succeeded(result: windows_sys::core::BOOL) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Tries it again as long as another program may have the file, and then says that.
fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let since = Instant::now();
    loop {
        match attempt() {
            Err(fault) if is_refused(&fault) && since.elapsed() < PATIENCE => std::thread::sleep(TRIED_AGAIN_AFTER),
            Err(fault) if is_refused(&fault) => {
                let why = "another program, such as a virus scanner or a backup, has it, or this user may not open it";
                return Err(io::Error::new(fault.kind(), format!("{fault}: {why}")));
            }
            other => return other,
        }
    }
}

fn is_refused(fault: &io::Error) -> bool {
    let refusals = [ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION];
    fault.raw_os_error().is_some_and(|code| refusals.iter().any(|refusal| i64::from(*refusal) == i64::from(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_all_rights_beside_the_owner_and_nobody_else_has_any() {
        // The users of the machine, by name and by identifier.
        for name in ["Users", "S-1-5-32-545"] {
            let group = Group::named(name).expect(name).expect(name);
            let words = in_words(&Access::Group(group));
            assert_eq!(words, "D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;S-1-5-32-545)", "{name}");
        }
        assert_eq!(in_words(&Access::Owner), "D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)");
        for access in [Access::Owner, Access::Group(Group("S-1-5-32-545".to_owned()))] {
            assert!(Rights::new(&access).is_ok(), "the system understands it");
        }
        assert_eq!(Group::named("no such group").expect("looked up"), None);
    }
}
