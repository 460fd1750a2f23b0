//! The boundary: every exported function's body runs in here, and no panic leaves it.
//!
//! Outputs and `*error` are cleared on entry. A panic becomes `INTERNAL`, or the getter's safe reading; its payload is
//! dropped inside a second catch, because dropping it may panic too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result, Status};
use crate::ffi::error::{ErrorTexts, secupos_error, secupos_status};
use crate::ffi::handle::{self, Noun};

#[cfg(panic = "abort")]
compile_error!("secupos must be built with unwinding panics: a panic may not end somebody else's process");

/// Where an error goes: NULL if the caller does not want it.
pub(crate) type ErrorOut = *mut *mut secupos_error;

/// Runs a body that only succeeds or fails.
///
/// # Safety
/// `error` is NULL or may be written to.
pub(crate) unsafe fn perform(error: ErrorOut, body: impl FnOnce() -> Result<()>) -> secupos_status {
    if !error.is_null() {
        unsafe { *error = std::ptr::null_mut() };
    }
    let fault = match caught(body) {
        Some(Ok(())) => return 0,
        Some(Err(fault)) => fault,
        None => Error::new(Status::Internal, "a fault inside secupos was caught"),
    };
    let status = fault.status().number();
    if !error.is_null() {
        let object = caught(|| handle::new(ErrorTexts::new(fault)));
        unsafe { *error = object.unwrap_or(std::ptr::null_mut()) };
    }
    status
}

/// Runs a body that makes a new object.
///
/// # Safety
/// `out` and `error` are NULL or may be written to.
pub(crate) unsafe fn produce<N: Noun>(
    out: *mut *mut N,
    error: ErrorOut,
    body: impl FnOnce() -> Result<N::Core>,
) -> secupos_status {
    unsafe { answer(out, std::ptr::null_mut(), error, || body().map(handle::new)) }
}

/// Runs a body that answers with a value; `nothing` is what is there on entry and after a failure.
///
/// # Safety
/// As for [`produce`].
pub(crate) unsafe fn answer<T>(
    out: *mut T,
    nothing: T,
    error: ErrorOut,
    body: impl FnOnce() -> Result<T>,
) -> secupos_status {
    if !out.is_null() {
        unsafe { out.write(nothing) };
    }
    let body = || match out.is_null() {
        true => Err(Error::new(Status::NullArgument, "out is NULL")),
        false => body().map(|value| unsafe { out.write(value) }),
    };
    unsafe { perform(error, body) }
}

/// Runs a getter's body; `nothing` is its safe reading.
pub(crate) fn get<T>(nothing: T, body: impl FnOnce() -> Option<T>) -> T {
    caught(body).flatten().unwrap_or(nothing)
}

/// Frees a handle. It never fails, and waits for nothing but a callback that the handle was given.
///
/// # Safety
/// As for [`handle::free`].
pub(crate) unsafe fn free<N: Noun>(pointer: *mut N) {
    let _ = caught(|| unsafe { handle::free(pointer) });
}

fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    let body = || {
        if cfg!(every_body_panics) {
            panic!("this library was built such that every body panics");
        }
        body()
    };
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(value) => Some(value),
        Err(payload) => {
            if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
                std::mem::forget(second);
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;
    use std::sync::Mutex;

    use super::*;
    use crate::ffi::handle::{hold, noun};

    pub struct Thing {
        _opaque: [u8; 0],
    }
    noun!(Thing: Mutex<i32>);

    /// A panic's payload that panics again when it is dropped.
    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("again");
        }
    }

    #[test]
    fn a_panic_becomes_a_status_even_if_its_payload_panics_too() {
        let mut error = ptr::dangling_mut();
        let status = unsafe { perform(&mut error, || std::panic::panic_any(Bomb)) };
        assert_eq!(status, Status::Internal.number());
        assert!(!error.is_null());
        unsafe { free(error) };
        assert_eq!(unsafe { perform(ptr::null_mut(), || panic!("no one wants to know")) }, Status::Internal.number());
        assert_eq!(get(7, || panic!("a getter")), 7);
    }

    #[test]
    fn a_panic_poisons_the_object_it_happened_on_and_no_other() {
        let (broken, whole) = (handle::new::<Thing>(Mutex::new(1)), handle::new::<Thing>(Mutex::new(2)));
        let call = |thing: *mut Thing| unsafe {
            perform(ptr::null_mut(), || {
                let held = hold(thing.cast_const(), "thing")?;
                assert!(*held.lock().expect("not poisoned") != 1, "one is too few");
                Ok(())
            })
        };
        assert_eq!(call(broken), Status::Internal.number());
        assert_eq!(call(broken), Status::InvalidHandle.number());
        assert_eq!(call(whole), 0);
        unsafe {
            free(broken);
            free(whole);
        }
    }

    #[test]
    fn outputs_are_cleared_on_entry() {
        let mut number = 5;
        let refused = || Err(Error::argument("x", "is wrong"));
        assert_eq!(unsafe { answer(&mut number, 0, ptr::null_mut(), refused) }, Status::InvalidArgument.number());
        assert_eq!(number, 0);
        let mut thing = ptr::dangling_mut::<Thing>();
        let status = unsafe { produce(&mut thing, ptr::null_mut(), || panic!("while it is made")) };
        assert_eq!((status, thing.is_null()), (Status::Internal.number(), true));
    }

    #[test]
    fn a_call_that_is_running_keeps_its_object_alive() {
        let thing = handle::new::<Thing>(Mutex::new(3));
        let held = unsafe { hold(thing.cast_const(), "thing") }.expect("held");
        unsafe { free(thing) };
        assert_eq!(*held.lock().expect("not poisoned"), 3);
    }
}
