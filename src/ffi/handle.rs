//! Handles: what a C program holds. Opaque, tagged with their type, reference counted inside.
//!
//! A handle is a box that holds a share of the object. Each call takes a share of its own first, so that freeing a
//! handle in one thread does not pull the object from under a call that is running in another.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result, Status};
use crate::ffi::notices::Notices;

/// A C type and the object behind it.
pub(crate) trait Noun: 'static {
    /// What the object is.
    type Core: Send + Sync;
    /// The C type's name, from which its tag is made.
    const NAME: &'static str;

    /// What was asked for by way of the handle, and is taken back when it is freed.
    fn notices(_core: &Self::Core) -> Option<&Notices> {
        None
    }
}

/// Says which object is behind an opaque C type, and where its notices are. The type itself stands in the open, where
/// cbindgen finds it.
macro_rules! noun {
    ($name:ident: $core:ty $(, $notices:ident)?) => {
        impl $crate::ffi::handle::Noun for $name {
            type Core = $core;
            const NAME: &'static str = stringify!($name);
            $(
                fn notices(core: &$core) -> Option<&$crate::ffi::notices::Notices> {
                    Some(&core.$notices)
                }
            )?
        }
    };
}
pub(crate) use noun;

#[repr(C)]
struct Handle<N: Noun> {
    tag: u64,
    object: Arc<Object<N>>,
}

struct Object<N: Noun> {
    /// Set when a call on this object has panicked: nobody knows what state it is in.
    poisoned: AtomicBool,
    core: N::Core,
}

/// Written over the tag of a freed handle, so that many a use after free is noticed.
const FREED: u64 = 0xDEAD_DEAD_DEAD_DEAD;

/// Different for each type, and no small number, pointer or text: FNV-1a over the name.
const fn tag<N: Noun>() -> u64 {
    let bytes = N::NAME.as_bytes();
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        at += 1;
    }
    hash
}

/// A share of a handle's object, for the length of a call. A panic while it is held poisons the object.
pub(crate) struct Held<N: Noun>(Arc<Object<N>>);

impl<N: Noun> Deref for Held<N> {
    type Target = N::Core;

    fn deref(&self) -> &N::Core {
        &self.0.core
    }
}

impl<N: Noun> Drop for Held<N> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.poisoned.store(true, Ordering::Relaxed);
        }
    }
}

/// Makes a handle. The caller owns it and frees it with its type's `_free`.
pub(crate) fn new<N: Noun>(core: N::Core) -> *mut N {
    let object = Arc::new(Object::<N> { poisoned: AtomicBool::new(false), core });
    Box::into_raw(Box::new(Handle { tag: tag::<N>(), object })).cast()
}

/// A handle that another object owns and lends out.
pub(crate) struct Lent<N: Noun>(*mut N);

// The pointer is the only one that frees the handle, and what it points to may be shared and sent.
unsafe impl<N: Noun> Send for Lent<N> {}
unsafe impl<N: Noun> Sync for Lent<N> {}

impl<N: Noun> Lent<N> {
    pub(crate) fn new(core: N::Core) -> Self {
        Lent(new(core))
    }

    /// The handle, valid for as long as `self` lives.
    pub(crate) fn pointer(&self) -> *const N {
        self.0
    }
}

impl<N: Noun> Drop for Lent<N> {
    fn drop(&mut self) {
        unsafe { free(self.0) }
    }
}

/// Takes a share of the object behind the handle that was given as `argument`.
///
/// # Safety
/// `pointer` is NULL or points to a handle of any type that is not freed.
pub(crate) unsafe fn hold<N: Noun>(pointer: *const N, argument: &str) -> Result<Held<N>> {
    match unsafe { find(pointer) } {
        Found::Null => Err(Error::new(Status::NullArgument, format!("{argument} is NULL"))),
        Found::Foreign => {
            Err(Error::new(Status::InvalidHandle, format!("{argument} is not a {} (or is freed)", N::NAME)))
        }
        Found::Handle(handle) if handle.object.poisoned.load(Ordering::Relaxed) => {
            let fault = format!("{argument} cannot be used any more: an earlier call on it failed inside secupos");
            Err(Error::new(Status::InvalidHandle, fault))
        }
        Found::Handle(handle) => Ok(Held(handle.object.clone())),
    }
}

/// The object behind a handle, for as long as the handle lives; for getters that lend what the object owns.
///
/// # Safety
/// As for [`hold`]; and the handle outlives `'a`.
pub(crate) unsafe fn peek<'a, N: Noun>(pointer: *const N) -> Option<&'a N::Core> {
    match unsafe { find(pointer) } {
        Found::Handle(handle) => Some(&handle.object.core),
        Found::Null | Found::Foreign => None,
    }
}

/// Frees a handle, and takes back what was asked for by way of it. NULL and foreign handles are left alone.
///
/// # Safety
/// As for [`hold`]; and the caller gives the handle up.
pub(crate) unsafe fn free<N: Noun>(pointer: *mut N) {
    if let Found::Handle(_) = unsafe { find(pointer) } {
        let mut handle = unsafe { Box::from_raw(pointer.cast::<Handle<N>>()) };
        // A plain store would be removed as dead: nothing in this program reads it again.
        unsafe { std::ptr::write_volatile(&mut handle.tag, FREED) };
        if let Some(notices) = N::notices(&handle.object.core) {
            notices.take_back();
        }
    }
}

enum Found<'a, N: Noun> {
    Null,
    Foreign,
    Handle(&'a Handle<N>),
}

unsafe fn find<'a, N: Noun>(pointer: *const N) -> Found<'a, N> {
    let handle = pointer.cast::<Handle<N>>();
    if handle.is_null() {
        return Found::Null;
    }
    // Every handle begins with its tag, so the tag may be read whatever the handle's type.
    if !handle.is_aligned() || unsafe { *pointer.cast::<u64>() } != tag::<N>() {
        return Found::Foreign;
    }
    Found::Handle(unsafe { &*handle })
}
