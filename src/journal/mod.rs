//! The state file of one till: what it has begun, what became of it, and what it must not forget.
//!
//! Nothing is started before it stands here and is durable. Nothing that stands here is ever overwritten.
//! `docs/payment-safety.md` says what that is good for.
//!
//! What is asked of a journal:
//!
//! - `steps`: what may happen to an attempt, from its beginning to its acknowledgement
//! - `queries`: the attempts and their responses, as they are looked up
//! - `reversals`: the reversal of an attempt, and what has happened since that speaks against one
//! - `reports`: the ends of the terminal's days
//! - `credentials`: what the till logs in with
//! - `binding`: the till is registered as a device, or the file is bound to another host, device or client
//! - `observations`: what was noticed of the service, for the till's status
//!
//! `store` is the file itself. It knows nothing of the above:
//!
//! - `open` opens a file and `create` makes one; `journal` is the open file and writes its events; `lock`: who owns it
//! - `schema`: its tables; `chain`: its events; `kind`: their kinds; `hash`: what binds each event to the one before
//! - `head`: the file beside it that notices a loss; `reserve`: room on a full disk; `names`: of the files beside it
//! - `identity`: whose file it is; `credential`: a secret in it; `till_time`: the clock that each event carries
//! - `pointer`: the row of each attempt that is searched, and points at its newest event
//! - `walk` goes through the events, at each open through the last ones; `doubt`: what speaks against
//!   trusting the others; `check`: through all of them, when there is time;
//!   `damage`: what that finds; `fault`: what an error of the disk means
//! - `recovery` sets a damaged file aside and makes a new one; `salvage` reads what can still be read of the old one;
//!   `loss`: no payment begins until somebody accepts that something may be lost
//!
//! `archive` is the same file, years later. It knows `store` alone:
//!
//! - `read` lists a span of time with all of the server's responses; `export` writes a day into files
//! - `prune` removes old responses; `prunings`: which ones are gone
//! - `verify` checks everything, responses included

mod archive;
mod binding;
mod credentials;
mod observations;
mod queries;
mod reports;
mod reversals;
mod steps;
mod store;

pub(crate) use archive::export::{DayFiles, DayWriter};
pub use archive::prune::{Pruned, RETENTION_DAYS};
pub use archive::read::{Archived, Body, Original, Reader};
pub use reports::{Approved, EndOfDay};
pub use steps::{NewAttempt, Start, Swap};
pub use store::check::IsWanted;
pub use store::credential::Credential;
pub use store::damage::Damage;
pub use store::identity::Identity;
pub use store::journal::Journal;
pub use store::open::{IfMissing, Opening};
pub use store::reserve::RESPONSE_ROOM_BYTES;
pub use store::till_time::Moment;
