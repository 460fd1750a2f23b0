//! The grace deadline: until then a start that was sent may still reach the terminal, however late.
//!
//! It is stored with the attempt and never begun anew. A clock that a person can set does not count: either this process
//! itself has seen all of it pass, or the server's clock has, from its answer before the start to its answer now.

use std::time::Duration;

use crate::journal::Attempt;

/// The server tells its time in whole seconds.
const COARSENESS: Duration = Duration::from_secs(1);

/// Whether the deadline of an attempt has passed. `seen_for`: for how long this process has known that it may have been
/// started; `server_now`: the server's clock in the answer that was just read.
pub(crate) fn is_over(attempt: &Attempt, seen_for: Duration, server_now: Option<i64>) -> bool {
    let (Some(from), Some(until)) = (attempt.starting_at, attempt.grace_deadline) else { return false };
    let length = millis(until.saturating_sub(from));
    let on_the_server = attempt.server_date.zip(server_now).map(|(then, now)| millis(now.saturating_sub(then)));
    seen_for >= length || on_the_server.is_some_and(|passed| passed >= length + COARSENESS)
}

fn millis(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::State;
    use crate::money::Money;

    fn attempt(server_date: Option<i64>) -> Attempt {
        let money = Money { minor: 1, currency: "EUR".parse().expect("a currency") };
        Attempt {
            starting_at: Some(1_000),
            grace_deadline: Some(1_000 + 340_000),
            server_date,
            ..Attempt::new("r", 1, money, State::Starting, 0)
        }
    }

    #[test]
    fn passes_by_the_clock_of_one_process_or_by_the_servers() {
        let server = 1_700_000_000_000;
        for (seen_for, then, now, expected) in [
            (0, None, None, false),
            (339, None, None, false),
            (340, None, None, true),
            (0, Some(server), Some(server + 340_999), false),
            (0, Some(server), Some(server + 341_000), true),
            // One of the two alone says nothing, and a clock that went back says nothing.
            (339, None, Some(server + 999_000), false),
            (339, Some(server), None, false),
            (339, Some(server), Some(server - 999_000), false),
            (340, Some(server), Some(server - 999_000), true),
        ] {
            let over = is_over(&attempt(then), Duration::from_secs(seen_for), now);
            assert_eq!(over, expected, "{seen_for} s, {then:?} to {now:?}");
        }
    }

    #[test]
    fn an_attempt_without_a_start_has_no_deadline_to_pass() {
        let never = Attempt { starting_at: None, ..attempt(None) };
        assert!(!is_over(&never, Duration::MAX, None));
    }
}
