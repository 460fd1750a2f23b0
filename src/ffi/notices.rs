//! The notices that were asked for by way of one handle. Who frees the handle takes them back.

use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Result, Status};
use crate::ffi::callback::secupos_done_callback;
use crate::ffi::userdata::Userdata;
use crate::till::handles::notice::Notice;

/// The notices of one handle.
pub(crate) struct Notices {
    /// A forked child does not know who held the lock.
    process: u32,
    list: Mutex<Vec<Arc<Notice>>>,
}

impl Notices {
    pub(crate) fn new() -> Self {
        Notices { process: std::process::id(), list: Mutex::default() }
    }

    /// One more; `notify` hands it to what it waits for.
    pub(crate) fn add(
        &self,
        done: secupos_done_callback,
        userdata: Userdata,
        notify: impl FnOnce(Arc<Notice>) -> Result<()>,
    ) -> Result<()> {
        let done = done.ok_or_else(|| Error::new(Status::NullArgument, "done is NULL"))?;
        let notice = Notice::new(move || {
            // The whole of it, not only the pointer: it is freed at the end of the call.
            let userdata = userdata;
            unsafe { done(userdata.pointer) }
        });
        // Kept before it is handed over, so that whoever hears of it and frees the handle finds it here.
        let mut notices = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        notices.retain(|other| !other.has_ended());
        notices.push(notice.clone());
        // What is refused is dropped at the end, with the lock open: that calls what frees the userdata.
        notify(notice.clone()).inspect_err(|_| drop(notices.pop()))
    }

    /// Takes them all back.
    pub(crate) fn take_back(&self) {
        if self.process != std::process::id() {
            return;
        }
        // Without the lock: a receiver that is waited for may ask for another notice.
        let notices = std::mem::take(&mut *self.list.lock().unwrap_or_else(PoisonError::into_inner));
        notices.iter().for_each(|notice| notice.take_back());
    }
}
