//! For how long a start or a reversal that was sent may still reach the terminal. A length, stored with the attempt, in till
//! time: time during which the machine ran awake, which nobody can set and no server can speed up.

use std::time::Duration;

use crate::payment::attempt::Attempt;

/// No terminal is waited for longer.
pub const LONGEST_PAYMENT: Duration = Duration::from_secs(600);
/// However short the till waits for the customer: the service may hold a start back for so long.
const LEAST: Duration = Duration::from_secs(300);
/// What is lost between two clocks.
const MARGIN: Duration = Duration::from_secs(30);

/// From the durable row on: connecting, sending, the customer, and a margin.
pub fn length(connect: Duration, request: Duration, payment: Duration) -> Duration {
    connect + request + payment.max(LEAST) + MARGIN
}

/// Whether so long has passed since `begun`, both in till time. What was stored without a length has the longest there is.
pub fn is_over(begun: i64, grace: Option<i64>, now: i64) -> bool {
    let longest = || millis(length(Duration::from_secs(3600), Duration::from_secs(3600), LONGEST_PAYMENT));
    now.saturating_sub(begun) >= grace.unwrap_or_else(longest)
}

/// As it is stored.
pub fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

impl Attempt {
    /// Whether its start can no longer reach the terminal.
    pub fn is_grace_over(&self, now: i64) -> bool {
        is_over(self.begun_till, self.grace, now)
    }

    /// Whether it or its reversal is in doubt, undecided, and may still reach the terminal.
    pub fn holds_the_terminal(&self, now: i64) -> bool {
        let reversal = self.reversal.as_ref().filter(|_| self.is_reversing());
        let reverses = reversal
            .is_some_and(|reversal| reversal.decision.is_none() && !is_over(reversal.begun_till, reversal.grace, now));
        reverses || self.in_doubt() && !self.is_grace_over(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::samples::{approved, in_doubt, reversing};

    #[test]
    fn it_outlives_the_longest_wait_for_the_customer() {
        let seconds = Duration::from_secs;
        for (payment, expected) in [(1, 370), (300, 370), (301, 371), (600, 670)] {
            assert_eq!(length(seconds(10), seconds(30), seconds(payment)), seconds(expected));
        }
    }

    #[test]
    fn it_is_over_when_its_length_has_passed_and_what_has_none_waits_longest() {
        for (begun, grace, now, expected) in [
            (1_000, Some(370_000), 370_999, false),
            (1_000, Some(370_000), 371_000, true),
            (1_000, Some(370_000), 0, false),
            (0, None, 7_829_999, false),
            (0, None, 7_830_000, true),
            (i64::MIN, Some(0), i64::MAX, true),
        ] {
            assert_eq!(is_over(begun, grace, now), expected, "{begun} {grace:?} {now}");
        }
    }

    #[test]
    fn only_what_is_in_doubt_and_undecided_holds_the_terminal() {
        let open = in_doubt();
        assert!(open.holds_the_terminal(0) && !open.holds_the_terminal(370_000));
        assert!(!approved().holds_the_terminal(0));
        let going_back = reversing();
        assert!(going_back.holds_the_terminal(0) && !going_back.holds_the_terminal(370_000));
    }
}
