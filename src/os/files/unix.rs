//! Files on Linux, macOS and their kin.

use std::borrow::Cow;
use std::ffi::CString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};
use std::ptr;

use crate::os::files::Access;

/// Only its owner reads and writes it.
const OWNERS: u32 = 0o600;
/// Its group does, too.
const GROUPS: u32 = 0o660;
/// What a mode says of reading, writing and running.
const RIGHTS: u32 = 0o777;
/// More than any system's entry of a group takes, except those with thousands of members.
const GROUP_ENTRY_BYTES: usize = 1 << 20;

/// A group by its name or its number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group(libc::gid_t);

impl Group {
    /// The group of this name or number; none if this machine has none.
    pub fn named(name: &str) -> io::Result<Option<Group>> {
        if let Ok(number) = name.parse() {
            // The highest number is nobody's: it means that nothing is to be changed.
            return Ok((number != libc::gid_t::MAX).then_some(Group(number)));
        }
        let name = CString::new(name)?;
        let mut texts = vec![0; GROUP_ENTRY_BYTES];
        // SAFETY: a group's entry of nothing but zeros is one.
        let mut entry: libc::group = unsafe { std::mem::zeroed() };
        let mut found = ptr::null_mut();
        // SAFETY: the name ends with a NUL, and everything else is this function's and as long as it says.
        let fault = unsafe { libc::getgrnam_r(name.as_ptr(), &mut entry, texts.as_mut_ptr(), texts.len(), &mut found) };
        match fault {
            // Some systems say of a group that is not there that there is no such file.
            0 | libc::ENOENT | libc::ESRCH => Ok((!found.is_null()).then_some(Group(entry.gr_gid))),
            fault => Err(io::Error::from_raw_os_error(fault)),
        }
    }
}

pub(super) fn open_private(path: &Path, access: &Access) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(OWNERS).open(path)?;
    share(&file, access)?;
    Ok(file)
}

pub(super) fn create_private(path: &Path, access: &Access) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(OWNERS).open(path)?;
    share(&file, access)?;
    Ok(file)
}

pub(super) fn make_private(path: &Path, access: &Access) -> io::Result<()> {
    match access {
        Access::Owner => fs::set_permissions(path, Permissions::from_mode(OWNERS)),
        Access::Group(_) => share(&File::open(path)?, access),
    }
}

/// Gives the group its share of a file that does not have it yet: only the owner can.
fn share(file: &File, access: &Access) -> io::Result<()> {
    let Access::Group(Group(group)) = access else { return Ok(()) };
    let found = file.metadata()?;
    if found.gid() != *group {
        fchown(file, None, Some(*group))?;
    }
    if found.mode() & RIGHTS != GROUPS {
        file.set_permissions(Permissions::from_mode(GROUPS))?;
    }
    Ok(())
}

pub(super) fn open_to_write(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    fs::canonicalize(path)
}

pub(super) fn in_full(path: &Path) -> Cow<'_, Path> {
    Cow::Borrowed(path)
}
