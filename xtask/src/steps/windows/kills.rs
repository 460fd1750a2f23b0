//! Whether the command line survives that it is killed, again and again, at any moment of a payment.

use super::Target;
use crate::process::{Result, line};
use crate::transcript::Transcript;

/// Of each width; together they are more than a hundred.
const KILLS: u32 = 55;

pub fn run(transcript: &mut Transcript, target: &Target) -> Result {
    let program = target.wine(&format!("{}/secupos.exe", target.path()));
    let said = transcript.run(&mut line(&format!("tools/kills {KILLS} {program}")))?;
    if said.lines().any(|line| line.starts_with("kills=")) { Ok(()) } else { Err("nothing was killed".to_owned()) }
}
