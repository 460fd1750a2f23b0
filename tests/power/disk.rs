//! A disk in the model: what was written, what of it is synced, and what is left when the power fails.
//!
//! **Modelled**, for every file that SQLite opens: a write or truncation that is not synced is kept, dropped or torn,
//! each by itself and in any order; a file that SQLite makes is nameless until its first sync, which is when SQLite syncs
//! the directory; a file that SQLite deletes may come back with what was durable in it.
//!
//! **Beside it**, for what `std::fs` writes (head, lock, reserve, the copies that a recovery makes, renames): each of
//! these is synced, content and directory, before the journal goes on to SQLite, which `tests/journal/syscalls.rs` sees
//! under strace. So between two calls of SQLite they stand as they did before, as they do after, and the head also torn
//! in the slot that was being written. The reserve, whose name nobody syncs, is there or not.
//!
//! **Not modelled**: a power failure between two of `std::fs`'s calls without a call of SQLite between them, other than at
//! the head; a disk that lies about more than its syncs; damage to what was durable already (`tests/journal/damage.rs`).

use std::collections::{BTreeMap, HashSet};
use std::ffi::{OsString, c_int};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

use crate::dice::Dice;

/// What SQLite asks of the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Call {
    Open,
    Delete,
    /// Whether a file is there, and how long it is.
    Look,
    Read,
    Write,
    Truncate,
    /// Of this inode.
    Sync(u64),
}

/// What happens to the calls.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Nothing.
    Work,
    /// What a power failure would leave is kept at each of them, so many times by the dice.
    Photograph { losses: u32 },
    /// The call with this number fails, and if it lasts, all that follow. What a sync that fails was to make durable
    /// never will be, though it can still be read: so does Linux.
    Fail { at: u32, fault: Fault, lasting: bool },
    /// The process is killed before the call with this number. If a directory is named, the power fails as well: what is
    /// left is put there, so many times.
    Kill { at: u32, photographs: Option<(PathBuf, u32)> },
}

/// How a call fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Input or output failed.
    Io,
    /// The disk is full; only writing can find that.
    Full,
}

/// What the power leaves: files, and how many steps were acknowledged until then.
pub struct Photograph {
    pub acknowledged: usize,
    pub files: Vec<(OsString, Content)>,
    /// What it shows, for the message of a test that fails.
    pub what: String,
}

/// What a file holds.
#[derive(Hash)]
pub enum Content {
    Bytes(Vec<u8>),
    /// The reserve is large and never changed in place: it is linked.
    Linked(PathBuf),
}

impl Photograph {
    /// Writes the files into an empty directory.
    pub fn develop(&self, dir: &Path) {
        for (name, content) in &self.files {
            match content {
                Content::Bytes(bytes) => fs::write(dir.join(name), bytes).expect("written"),
                Content::Linked(from) if from.exists() => fs::hard_link(from, dir.join(name)).expect("linked"),
                Content::Linked(_) => {}
            }
        }
    }

    /// The same for two that show the same.
    fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.acknowledged, &self.files).hash(&mut hasher);
        hasher.finish()
    }
}

/// A change that is not synced.
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::Write { at, bytes } => {
                content.resize(content.len().max(at + bytes.len()), 0);
                content[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Change::Truncate(length) => content.truncate(*length),
        }
    }
}

/// A file that SQLite has opened.
struct Known {
    durable: Vec<u8>,
    unsynced: Vec<Change>,
    /// Whether its name is durable.
    named: bool,
    /// The name that SQLite opened it by.
    name: OsString,
    /// Held open, so that its inode is not given to another file.
    _file: File,
}

impl Known {
    fn sync(&mut self) {
        for change in self.unsynced.drain(..) {
            change.apply(&mut self.durable);
        }
        self.named = true;
    }
}

/// A file that was deleted, but not durably, beside the file that had this inode then: a name is given anew only together
/// with a sync of the directory.
struct Ghost {
    durable: Vec<u8>,
    main: Option<u64>,
}

/// An open file of a modelled disk.
pub struct Node {
    pub disk: Arc<Shared>,
    pub inode: u64,
}

/// A disk that is shared by those who call it and the test.
pub struct Shared(Mutex<Disk>);

impl Shared {
    pub fn lock(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The disk of one directory.
pub struct Disk {
    dir: PathBuf,
    plan: Plan,
    /// Whether a sync does what it says.
    pub honest: bool,
    /// How many calls there were.
    pub calls: u32,
    /// How many of them failed.
    pub failed: u32,
    /// How many steps the journal has acknowledged.
    pub acknowledged: usize,
    pub photographs: Vec<Photograph>,
    known: BTreeMap<u64, Known>,
    ghosts: BTreeMap<OsString, Ghost>,
    dice: Dice,
    changes: u64,
    seen: Option<Seen>,
    taken: HashSet<u64>,
}

/// What was there at the last photograph.
#[derive(PartialEq, Eq, Clone)]
struct Seen {
    changes: u64,
    acknowledged: usize,
    names: Vec<(OsString, u64)>,
    head: Option<Vec<u8>>,
}

static DISKS: LazyLock<Mutex<BTreeMap<PathBuf, Arc<Shared>>>> = LazyLock::new(Mutex::default);

/// The disk of the directory that this file is in, if it is modelled.
pub fn of(path: &Path) -> Option<Arc<Shared>> {
    DISKS.lock().unwrap_or_else(PoisonError::into_inner).get(path.parent()?).cloned()
}

pub fn inode_of(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|found| found.ino())
}

/// A directory whose disk is modelled until this is dropped.
pub struct Modelled {
    dir: PathBuf,
    pub disk: Arc<Shared>,
}

impl Modelled {
    pub fn new(dir: &Path, plan: Plan, seed: u64) -> Modelled {
        crate::vfs::install();
        let dir = dir.canonicalize().expect("a directory");
        let disk = Disk {
            dir: dir.clone(),
            plan,
            honest: true,
            calls: 0,
            failed: 0,
            acknowledged: 0,
            photographs: Vec::new(),
            known: BTreeMap::new(),
            ghosts: BTreeMap::new(),
            dice: Dice::new(seed),
            changes: 0,
            seen: None,
            taken: HashSet::new(),
        };
        let disk = Arc::new(Shared(Mutex::new(disk)));
        DISKS.lock().unwrap_or_else(PoisonError::into_inner).insert(dir.clone(), disk.clone());
        Modelled { dir, disk }
    }
}

impl Drop for Modelled {
    fn drop(&mut self) {
        DISKS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.dir);
    }
}

impl Disk {
    /// Changes the plan; the calls are counted on.
    pub fn plan(&mut self, plan: Plan) {
        self.plan = plan;
    }

    /// Before a call: the fault that it meets, if it meets one.
    pub fn before(&mut self, call: Call) -> Option<c_int> {
        self.calls += 1;
        match self.plan.clone() {
            Plan::Work => None,
            Plan::Photograph { losses } => {
                self.photograph(losses);
                None
            }
            Plan::Fail { at, fault, lasting } => {
                let meets = self.calls == at || (lasting && self.calls > at);
                let code = meets.then(|| code(call, fault)).flatten()?;
                self.failed += 1;
                if let Call::Sync(inode) = call
                    && let Some(known) = self.known.get_mut(&inode)
                {
                    known.unsynced.clear();
                }
                Some(code)
            }
            Plan::Kill { at, photographs } => {
                if self.calls == at {
                    if let Some((dir, losses)) = photographs {
                        self.photograph(losses);
                        for (number, photograph) in self.photographs.iter().enumerate() {
                            let dir = dir.join(number.to_string());
                            fs::create_dir_all(&dir).expect("a directory");
                            photograph.develop(&dir);
                        }
                    }
                    crate::vfs::kill_this_process();
                }
                None
            }
        }
    }

    /// After a call that has changed something.
    pub fn after(&mut self) {
        if let Plan::Photograph { losses } = self.plan {
            self.photograph(losses);
        }
    }

    /// Takes the photographs, unless nothing is new.
    pub fn photograph(&mut self, losses: u32) {
        let names = self.names();
        for (name, inode) in &names {
            // A state file gets its name from std::fs, and only when it is synced as a whole.
            if let Some(known) = self.known.get_mut(inode).filter(|known| is_made_under_another_name(known, name)) {
                known.sync();
            }
        }
        let head = names.iter().find(|(name, _)| name.to_string_lossy().ends_with(".db.head"));
        let head = head.and_then(|(name, _)| fs::read(self.dir.join(name)).ok());
        let seen = Seen { changes: self.changes, acknowledged: self.acknowledged, names, head };
        if self.seen.as_ref() == Some(&seen) {
            return;
        }
        let before = self.seen.replace(seen.clone());
        let head_before = before.as_ref().and_then(|before| before.head.clone());
        for loss in 0..losses {
            self.take(&seen, loss, None, self.acknowledged);
        }
        // While the head was being written, the step had not returned.
        if seen.head != head_before
            && let (Some(before), Some(head)) = (before, &seen.head)
        {
            let torn = self.torn(head_before.as_deref().unwrap_or_default(), head);
            for loss in 0..losses.min(2) {
                self.take(&seen, loss, Some(&torn), before.acknowledged);
            }
        }
    }

    /// Between the old content and the new, cut somewhere in what differs, and what comes behind is neither.
    fn torn(&mut self, old: &[u8], new: &[u8]) -> Vec<u8> {
        let differs = |at: &usize| old.get(*at) != new.get(*at);
        let Some(first) = (0..new.len()).find(differs) else { return new.to_vec() };
        let last = (0..new.len()).rfind(differs).unwrap_or(first);
        let cut = first + self.dice.below(last - first + 1);
        let mut torn = new.to_vec();
        for byte in &mut torn[cut..=last] {
            *byte = self.dice.below(256) as u8;
        }
        torn
    }

    fn names(&self) -> Vec<(OsString, u64)> {
        let files = fs::read_dir(&self.dir).expect("a directory").map(|file| file.expect("a file"));
        let mut names: Vec<_> = files
            .filter(|file| file.file_type().is_ok_and(|kind| kind.is_file()))
            .filter_map(|file| Some((file.file_name(), inode_of(&file.path())?)))
            .collect();
        names.sort();
        names
    }

    /// The first two losses are everything and nothing of what is not synced, the others what the dice say.
    fn take(&mut self, seen: &Seen, loss: u32, head: Option<&[u8]>, acknowledged: usize) {
        let mut files = Vec::new();
        let mut what = format!("call {}, {acknowledged} acknowledged, loss {loss}", self.calls);
        let mut keeps = |what: &mut String, name: &OsString| {
            let keeps = match loss {
                0 => false,
                1 => true,
                _ => self.dice.below(2) == 0,
            };
            what.push_str(&format!(", {}{}", if keeps { "+" } else { "-" }, name.to_string_lossy()));
            keeps
        };
        let mut tears = Vec::new();
        for (name, inode) in &seen.names {
            let text = name.to_string_lossy();
            let content = match self.known.get(inode) {
                Some(known) => {
                    if !known.named && !keeps(&mut what, name) {
                        continue;
                    }
                    let mut content = known.durable.clone();
                    for change in &known.unsynced {
                        if keeps(&mut what, name) {
                            change.apply(&mut content);
                            if let Change::Write { at, bytes } = change {
                                tears.push((files.len(), *at, bytes.len()));
                            }
                        }
                    }
                    Content::Bytes(content)
                }
                None if text.ends_with(".db.reserve") => {
                    if !keeps(&mut what, name) {
                        continue;
                    }
                    Content::Linked(self.dir.join(name))
                }
                // Half written, and without its name for nobody.
                None if text.ends_with(".reserve.new") => continue,
                None if text.ends_with(".db.head") && head.is_some() => {
                    what.push_str(", torn head");
                    Content::Bytes(head.unwrap_or_default().to_vec())
                }
                // Removed by std::fs meanwhile, or there.
                None => match fs::read(self.dir.join(name)) {
                    Ok(bytes) => Content::Bytes(bytes),
                    Err(_) => continue,
                },
            };
            files.push((name.clone(), content));
        }
        for (name, ghost) in &self.ghosts {
            let is_named = files.iter().any(|(taken, _)| taken == name);
            if !is_named && main_of(&self.dir, name) == ghost.main && !keeps(&mut what, name) {
                files.push((name.clone(), Content::Bytes(ghost.durable.clone())));
            }
        }
        // From the third on, one of the writes is torn.
        if loss >= 2 && !tears.is_empty() {
            let (file, at, length) = tears[self.dice.below(tears.len())];
            if let Some((name, Content::Bytes(content))) = files.get_mut(file) {
                let known =
                    seen.names.iter().find(|(known, _)| known == name).and_then(|(_, inode)| self.known.get(inode));
                let cut = at + self.dice.below(length);
                for place in cut..(at + length).min(content.len()) {
                    content[place] = known.and_then(|known| known.durable.get(place).copied()).unwrap_or(0);
                }
                what.push_str(&format!(", torn at {cut}"));
            }
        }
        let photograph = Photograph { acknowledged, files, what };
        if self.taken.insert(photograph.fingerprint()) {
            self.photographs.push(photograph);
        }
    }

    /// What SQLite opens is known from now on. What it had not opened before was made by std::fs, and synced.
    pub fn opened(self: &mut Disk, path: &Path, is_new: bool) -> Node {
        let file = File::open(path).expect("SQLite has just opened it");
        let inode = file.metadata().expect("an open file").ino();
        let name = path.file_name().expect("a name").to_owned();
        let known = || Known {
            durable: fs::read(path).expect("read"),
            unsynced: Vec::new(),
            named: !is_new,
            name,
            _file: file,
        };
        self.known.entry(inode).or_insert_with(known);
        self.changes += u64::from(is_new);
        Node { disk: of(path).expect("this disk"), inode }
    }

    pub fn written(&mut self, inode: u64, at: usize, bytes: &[u8]) {
        self.change(inode, Change::Write { at, bytes: bytes.to_vec() });
    }

    pub fn truncated(&mut self, inode: u64, length: usize) {
        self.change(inode, Change::Truncate(length));
    }

    fn change(&mut self, inode: u64, change: Change) {
        self.changes += 1;
        if let Some(known) = self.known.get_mut(&inode) {
            known.unsynced.push(change);
        }
    }

    /// The file, its name and, with its name, all that has happened in its directory.
    pub fn synced(&mut self, inode: u64) {
        if !self.honest {
            return;
        }
        self.changes += 1;
        let Some(known) = self.known.get_mut(&inode) else { return };
        if !known.named {
            self.ghosts.clear();
        }
        known.sync();
    }

    pub fn deleted(&mut self, path: &Path, inode: Option<u64>, durably: bool) {
        self.changes += 1;
        let known = inode.and_then(|inode| self.known.remove(&inode));
        if let (Some(known), Some(name), false) = (known, path.file_name(), durably && self.honest)
            && known.named
        {
            let main = main_of(&self.dir, name);
            self.ghosts.insert(name.to_owned(), Ghost { durable: known.durable, main });
        }
    }
}

fn is_made_under_another_name(known: &Known, name: &OsString) -> bool {
    known.name != *name && known.name.to_string_lossy().ends_with(".db.new")
}

/// The inode of the database that this log belongs to.
fn main_of(dir: &Path, log: &std::ffi::OsStr) -> Option<u64> {
    inode_of(&dir.join(log.to_str()?.strip_suffix("-wal")?))
}

/// How this call says that it failed; none if it cannot fail so.
fn code(call: Call, fault: Fault) -> Option<c_int> {
    match (fault, call) {
        (Fault::Full, Call::Write) => Some(ffi::SQLITE_FULL),
        (Fault::Full, _) => None,
        (Fault::Io, Call::Open) => Some(ffi::SQLITE_CANTOPEN),
        (Fault::Io, Call::Delete) => Some(ffi::SQLITE_IOERR_DELETE),
        (Fault::Io, Call::Look) => Some(ffi::SQLITE_IOERR_FSTAT),
        (Fault::Io, Call::Read) => Some(ffi::SQLITE_IOERR_READ),
        (Fault::Io, Call::Write) => Some(ffi::SQLITE_IOERR_WRITE),
        (Fault::Io, Call::Truncate) => Some(ffi::SQLITE_IOERR_TRUNCATE),
        (Fault::Io, Call::Sync(_)) => Some(ffi::SQLITE_IOERR_FSYNC),
    }
}
