//! What an answer of the service means for the money: of start, of a read, of our abort, of a reversal, of a report. The
//! wire says what came; here it is judged, and nowhere else.

use std::time::Duration;

use crate::payment::reason::Reason;
use crate::payment::state::State;

/// A refusal means "refused before starting" only this soon after the first byte of the request. Later, the customer may
/// have paid before it was refused.
pub const REFUSED_AT_ONCE: Duration = Duration::from_secs(5);

/// What the service's word for a transaction says of the money.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RemoteStatus {
    /// `ok`: paid.
    Paid,
    /// `failed`: refused, aborted or timed out; the API does not say which.
    Failed,
    /// `aborted`.
    Aborted,
    /// `timeout`.
    TimedOut,
    /// `cancelled` or `canceled`, of a payment that was never made.
    Cancelled,
    /// `deleted`.
    Deleted,
    /// `cancelled` or `canceled`, of a payment that was made: there are receipts or a receipt number.
    Reversed,
    /// `created`: not started, or started and the server does not show it.
    Created,
    /// Any other word, or none. Not final.
    Open,
}

impl RemoteStatus {
    /// What this word says. Only `ok` means paid. `was_paid`: there are receipts or a receipt number with it.
    pub fn of(word: Option<&str>, was_paid: bool) -> RemoteStatus {
        match word {
            Some("ok") => RemoteStatus::Paid,
            Some("failed") => RemoteStatus::Failed,
            Some("aborted") => RemoteStatus::Aborted,
            Some("timeout") => RemoteStatus::TimedOut,
            Some("cancelled" | "canceled") if was_paid => RemoteStatus::Reversed,
            Some("cancelled" | "canceled") => RemoteStatus::Cancelled,
            Some("deleted") => RemoteStatus::Deleted,
            Some("created") => RemoteStatus::Created,
            Some(_) | None => RemoteStatus::Open,
        }
    }

    /// Whether it is a last word that says that no money moved.
    pub fn is_negative(self) -> bool {
        use RemoteStatus::*;
        matches!(self, Failed | Aborted | TimedOut | Cancelled | Deleted)
    }

    /// Whether this is what a transaction says that our abort has ended.
    pub fn is_what_an_abort_leaves(self) -> bool {
        matches!(self, RemoteStatus::Aborted | RemoteStatus::Cancelled | RemoteStatus::Deleted)
    }

    /// How an attempt that stood at `from` ends by this word, and why.
    pub fn ends_as(self, from: State) -> (State, Option<Reason>) {
        match self {
            RemoteStatus::Paid => (State::Approved, None),
            RemoteStatus::Reversed => (State::Reversed, None),
            // Cancelled, of what was paid.
            RemoteStatus::Cancelled if from == State::Approved => (State::Reversed, None),
            RemoteStatus::Failed => (State::Declined, Some(Reason::Failed)),
            RemoteStatus::Aborted => (State::Declined, Some(Reason::Aborted)),
            RemoteStatus::TimedOut => (State::Declined, Some(Reason::TimedOut)),
            RemoteStatus::Cancelled | RemoteStatus::Deleted => (State::Declined, Some(Reason::Cancelled)),
            RemoteStatus::Created | RemoteStatus::Open => (State::Starting, Some(Reason::StillOpen)),
        }
    }

    /// Whether it is a last word.
    pub fn is_final(self) -> bool {
        !matches!(self, RemoteStatus::Created | RemoteStatus::Open)
    }
}

/// What came of a request, as far as the wire can tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Came {
    /// Provably not one byte was sent.
    NeverSent,
    /// Anything may have been sent, and no whole answer came.
    Lost,
    /// A whole answer came, with this HTTP status.
    Answer(u16, Body),
}

/// What an answer's body is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Body {
    /// The transaction that was asked for.
    Ours(RemoteStatus),
    /// Another transaction.
    Another(RemoteStatus),
    /// The service's own error body.
    Refusal {
        /// It refuses the access token.
        of_token: bool,
    },
    /// Nothing that can be understood.
    Foreign,
}

fn is_success(http: u16) -> bool {
    (200..300).contains(&http)
}

/// What came of start.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StartVerdict {
    /// Provably not one byte was sent: not started.
    NeverSent,
    /// The service refused at once: that is a ground to ask whether it was ever started.
    Refused {
        /// Because of the token: read with a new one.
        of_token: bool,
    },
    /// The service's last word.
    Final(RemoteStatus),
    /// Nobody knows.
    InDoubt {
        /// The token is not taken any more.
        of_token: bool,
    },
}

/// Judges what came of start. `elapsed`: from the first byte to the answer, by the clock that shows most.
pub fn of_start(came: Came, elapsed: Duration) -> StartVerdict {
    let in_doubt = StartVerdict::InDoubt { of_token: false };
    match came {
        Came::NeverSent => StartVerdict::NeverSent,
        Came::Answer(http, Body::Ours(status)) if is_success(http) && status.is_final() => StartVerdict::Final(status),
        Came::Answer(http, Body::Refusal { of_token }) => match is_own_refusal(http) && elapsed <= REFUSED_AT_ONCE {
            true => StartVerdict::Refused { of_token },
            false => StartVerdict::InDoubt { of_token },
        },
        Came::Lost | Came::Answer(..) => in_doubt,
    }
}

/// Any 4xx but "too slow" and "too many", which say nothing of the request, and any 5xx.
fn is_own_refusal(http: u16) -> bool {
    (400..600).contains(&http) && !matches!(http, 408 | 429)
}

/// What came of reading a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReadVerdict {
    /// The right transaction says this.
    Says(RemoteStatus),
    /// The token is not taken: renew it and read again.
    TokenRefused,
    /// Nothing that can be understood: not even 404 or 403 says anything.
    Nothing,
}

/// Judges what came of a read.
pub fn of_read(came: Came) -> ReadVerdict {
    match came {
        Came::Answer(http, Body::Ours(status)) if is_success(http) => ReadVerdict::Says(status),
        Came::Answer(_, Body::Refusal { of_token: true }) => ReadVerdict::TokenRefused,
        Came::NeverSent | Came::Lost | Came::Answer(..) => ReadVerdict::Nothing,
    }
}

/// Whether our abort was taken. Its body says nothing that a read would not say better.
pub fn of_abort(came: Came) -> bool {
    matches!(came, Came::Answer(http, _) if is_success(http))
}

/// What came of cancelTrx.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReversalVerdict {
    /// Provably not one byte was sent.
    NeverSent,
    /// The service refused. Read before believing it.
    Refused {
        /// So soon that the terminal was not asked.
        at_once: bool,
        /// Because of the token.
        of_token: bool,
    },
    /// The payment is cancelled.
    Reversed,
    /// Another payment is cancelled: the terminal's number was somebody else's.
    Another,
    /// Nobody knows.
    InDoubt,
}

/// Judges what came of cancelTrx.
pub fn of_reversal(came: Came, elapsed: Duration) -> ReversalVerdict {
    let is_cancelled = |status| matches!(status, RemoteStatus::Cancelled | RemoteStatus::Reversed);
    match came {
        Came::NeverSent => ReversalVerdict::NeverSent,
        Came::Answer(http, Body::Ours(status)) if is_success(http) && is_cancelled(status) => ReversalVerdict::Reversed,
        Came::Answer(http, Body::Another(status)) if is_success(http) && is_cancelled(status) => {
            ReversalVerdict::Another
        }
        Came::Answer(http, Body::Refusal { of_token }) if is_own_refusal(http) => {
            ReversalVerdict::Refused { at_once: elapsed <= REFUSED_AT_ONCE, of_token }
        }
        Came::Lost | Came::Answer(..) => ReversalVerdict::InDoubt,
    }
}

/// What came of a report.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReportVerdict {
    /// Provably not one byte was sent.
    NeverSent,
    /// The service, or the terminal through it, refused.
    Refused,
    /// It was run.
    Done,
    /// Nobody knows.
    InDoubt,
}

/// Judges what came of a report, which is told in a transaction of its own.
pub fn of_report(came: Came, elapsed: Duration) -> ReportVerdict {
    match came {
        Came::NeverSent => ReportVerdict::NeverSent,
        Came::Answer(http, Body::Ours(RemoteStatus::Paid)) if is_success(http) => ReportVerdict::Done,
        Came::Answer(http, Body::Ours(RemoteStatus::Failed)) if is_success(http) => ReportVerdict::Refused,
        Came::Answer(http, Body::Refusal { .. }) if is_own_refusal(http) && elapsed <= REFUSED_AT_ONCE => {
            ReportVerdict::Refused
        }
        Came::Lost | Came::Answer(..) => ReportVerdict::InDoubt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RemoteStatus::*;

    const SERVICE: Body = Body::Refusal { of_token: false };
    const TOKEN: Body = Body::Refusal { of_token: true };
    const ALL: [RemoteStatus; 9] = [Paid, Failed, Aborted, TimedOut, Cancelled, Deleted, Reversed, Created, Open];

    #[test]
    fn only_ok_is_paid_and_what_is_not_known_is_open() {
        for (word, was_paid, expected) in [
            ("ok", false, Paid),
            ("failed", false, Failed),
            ("aborted", false, Aborted),
            ("timeout", false, TimedOut),
            ("cancelled", false, Cancelled),
            ("canceled", false, Cancelled),
            ("cancelled", true, Reversed),
            ("canceled", true, Reversed),
            ("deleted", true, Deleted),
            ("created", false, Created),
            ("approved", true, Open),
            ("pending", true, Open),
            ("OK", true, Open),
            (" ok", true, Open),
            ("", true, Open),
        ] {
            assert_eq!(RemoteStatus::of(Some(word), was_paid), expected, "{word}");
        }
        assert_eq!(RemoteStatus::of(None, true), Open);
    }

    #[test]
    fn each_last_word_ends_an_attempt() {
        for status in ALL {
            let (state, reason) = status.ends_as(State::Starting);
            assert_eq!(state.is_negative(), status.is_negative(), "{status:?}");
            assert_eq!(state == State::Starting, !status.is_final(), "{status:?}");
            assert_eq!(reason.is_none(), matches!(state, State::Approved | State::Reversed), "{status:?}");
        }
        assert_eq!(RemoteStatus::Cancelled.ends_as(State::Approved), (State::Reversed, None));
        assert_eq!(RemoteStatus::Failed.ends_as(State::Starting).1, Some(Reason::Failed));
        assert_eq!(RemoteStatus::Aborted.ends_as(State::Starting).1, Some(Reason::Aborted));
        assert_eq!(RemoteStatus::TimedOut.ends_as(State::Starting).1, Some(Reason::TimedOut));
        assert_eq!(RemoteStatus::Deleted.ends_as(State::Starting).1, Some(Reason::Cancelled));
    }

    #[test]
    fn start_is_judged_by_when_it_broke() {
        let refused = |of_token| StartVerdict::Refused { of_token };
        let in_doubt = |of_token| StartVerdict::InDoubt { of_token };
        for (case, came, seconds, expected) in [
            ("nothing was sent", Came::NeverSent, 0, StartVerdict::NeverSent),
            ("it broke later", Came::Lost, 0, in_doubt(false)),
            ("a proxy's page with 200", Came::Answer(200, Body::Foreign), 0, in_doubt(false)),
            ("a proxy's page with 404", Came::Answer(404, Body::Foreign), 0, in_doubt(false)),
            ("redirect", Came::Answer(302, Body::Foreign), 0, in_doubt(false)),
            ("another transaction", Came::Answer(200, Body::Another(Paid)), 0, in_doubt(false)),
            ("too slow", Came::Answer(408, SERVICE), 0, in_doubt(false)),
            ("too many", Came::Answer(429, SERVICE), 0, in_doubt(false)),
            ("refused at once", Came::Answer(400, SERVICE), 5, refused(false)),
            ("refused with 500", Came::Answer(500, SERVICE), 5, refused(false)),
            ("refused with 503", Came::Answer(503, SERVICE), 0, refused(false)),
            ("refused late", Came::Answer(400, SERVICE), 6, in_doubt(false)),
            ("an error with 200", Came::Answer(200, SERVICE), 0, in_doubt(false)),
            ("the token refused at once", Came::Answer(403, TOKEN), 5, refused(true)),
            ("the token refused late", Came::Answer(401, TOKEN), 6, in_doubt(true)),
            ("an error that says ok", Came::Answer(400, Body::Ours(Paid)), 0, in_doubt(false)),
            ("201", Came::Answer(201, Body::Ours(Paid)), 0, StartVerdict::Final(Paid)),
        ] {
            assert_eq!(of_start(came, Duration::from_secs(seconds)), expected, "{case}");
        }
        for status in ALL {
            let verdict = of_start(Came::Answer(200, Body::Ours(status)), Duration::from_secs(299));
            let expected = if status.is_final() { StartVerdict::Final(status) } else { in_doubt(false) };
            assert_eq!(verdict, expected, "{status:?}");
        }
        let just_late = REFUSED_AT_ONCE + Duration::from_millis(1);
        assert_eq!(of_start(Came::Answer(400, SERVICE), just_late), in_doubt(false));
    }

    #[test]
    fn a_read_says_only_what_the_right_transaction_says() {
        for status in ALL {
            assert_eq!(of_read(Came::Answer(200, Body::Ours(status))), ReadVerdict::Says(status));
            assert_eq!(of_read(Came::Answer(404, Body::Ours(status))), ReadVerdict::Nothing);
            assert_eq!(of_read(Came::Answer(200, Body::Another(status))), ReadVerdict::Nothing);
        }
        for came in [Came::NeverSent, Came::Lost, Came::Answer(404, SERVICE), Came::Answer(200, Body::Foreign)] {
            assert_eq!(of_read(came), ReadVerdict::Nothing, "{came:?}");
        }
        assert_eq!(of_read(Came::Answer(403, TOKEN)), ReadVerdict::TokenRefused);
    }

    #[test]
    fn an_abort_is_taken_by_its_http_status_alone() {
        assert!(of_abort(Came::Answer(200, Body::Foreign)) && of_abort(Came::Answer(299, Body::Ours(Created))));
        for came in [Came::NeverSent, Came::Lost, Came::Answer(199, Body::Ours(Aborted)), Came::Answer(300, SERVICE)] {
            assert!(!of_abort(came), "{came:?}");
        }
    }

    #[test]
    fn a_reversal_is_done_only_if_the_right_payment_says_so() {
        let refused = |at_once, of_token| ReversalVerdict::Refused { at_once, of_token };
        for (came, seconds, expected) in [
            (Came::NeverSent, 0, ReversalVerdict::NeverSent),
            (Came::Lost, 0, ReversalVerdict::InDoubt),
            (Came::Answer(200, Body::Ours(Cancelled)), 60, ReversalVerdict::Reversed),
            (Came::Answer(200, Body::Ours(Reversed)), 60, ReversalVerdict::Reversed),
            (Came::Answer(200, Body::Ours(Paid)), 0, ReversalVerdict::InDoubt),
            (Came::Answer(200, Body::Ours(Failed)), 0, ReversalVerdict::InDoubt),
            (Came::Answer(200, Body::Another(Reversed)), 0, ReversalVerdict::Another),
            (Came::Answer(200, Body::Another(Paid)), 0, ReversalVerdict::InDoubt),
            (Came::Answer(500, Body::Ours(Reversed)), 0, ReversalVerdict::InDoubt),
            (Came::Answer(400, SERVICE), 5, refused(true, false)),
            (Came::Answer(400, SERVICE), 6, refused(false, false)),
            (Came::Answer(403, TOKEN), 0, refused(true, true)),
            (Came::Answer(429, SERVICE), 0, ReversalVerdict::InDoubt),
            (Came::Answer(400, Body::Foreign), 0, ReversalVerdict::InDoubt),
        ] {
            assert_eq!(of_reversal(came, Duration::from_secs(seconds)), expected, "{came:?}");
        }
    }

    #[test]
    fn a_report_is_done_if_its_own_transaction_says_ok() {
        for (came, seconds, expected) in [
            (Came::NeverSent, 0, ReportVerdict::NeverSent),
            (Came::Lost, 0, ReportVerdict::InDoubt),
            (Came::Answer(200, Body::Ours(Paid)), 60, ReportVerdict::Done),
            (Came::Answer(200, Body::Ours(Failed)), 60, ReportVerdict::Refused),
            (Came::Answer(200, Body::Ours(Created)), 0, ReportVerdict::InDoubt),
            (Came::Answer(200, Body::Foreign), 0, ReportVerdict::InDoubt),
            (Came::Answer(500, Body::Ours(Paid)), 0, ReportVerdict::InDoubt),
            (Came::Answer(500, Body::Ours(Failed)), 0, ReportVerdict::InDoubt),
            (Came::Answer(400, SERVICE), 5, ReportVerdict::Refused),
            (Came::Answer(400, SERVICE), 6, ReportVerdict::InDoubt),
            (Came::Answer(408, SERVICE), 0, ReportVerdict::InDoubt),
        ] {
            assert_eq!(of_report(came, Duration::from_secs(seconds)), expected, "{came:?}");
        }
    }
}
