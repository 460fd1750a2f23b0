//! Rows 7 and 13 of issue 13 on disk: the journal's own clock counts the time during which the machine ran awake, whatever any
//! other clock says, and processes that live for a moment each add up.

use secupos::journal::{IfMissing, Journal, Moment};
use secupos::payment::admission::{DUPLICATE_IN_DOUBT, DUPLICATE_NEGATIVE};
use secupos::payment::attempt::Finish;
use secupos::payment::reconciliation::ASKED_FOR;
use secupos::payment::state::State;

use crate::till::*;

const SECOND_MS: i64 = 1000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// So much of the machine's own time after a payment may have been started, in this start of the machine.
fn awake(passed: i64, boot: &str) -> Moment {
    Moment { at: NOW, awake: 5 * HOUR_MS + passed, boot: Some(boot.into()) }
}

fn open_at_moment(dir: &Dir, now: &Moment) -> Journal {
    patiently(|| open_at(&dir.file(), &identity(), IfMissing::Refuse, now))
}

/// A file with a payment in doubt, begun at its own time 0.
fn in_doubt() -> Dir {
    let dir = Dir::new();
    let mut journal = open_at(&dir.file(), &identity(), IfMissing::Create, &awake(0, "one")).expect("created");
    journal.begin_starting(&sale("a", 1), &START, &awake(0, "one")).expect("begun");
    dir
}

fn holds_the_terminal(journal: &Journal, now: &Moment) -> bool {
    let attempt = journal.attempt("a", 1).expect("read").expect("a");
    assert_eq!(attempt.begun_till, 0);
    attempt.holds_the_terminal(journal.till(now))
}

#[test]
fn processes_that_live_for_a_second_each_add_up_to_the_end_of_the_grace() {
    let dir = in_doubt();
    // One of them in half a minute.
    for passed in (0..=GRACE).step_by(30 * SECOND_MS as usize) {
        let journal = open_at_moment(&dir, &awake(passed, "one"));
        assert_eq!(journal.till(&awake(passed + SECOND_MS, "one")), passed + SECOND_MS);
        assert!(holds_the_terminal(&journal, &awake(passed, "one")), "{passed}");
    }
    let journal = open_at_moment(&dir, &awake(GRACE, "one"));
    assert!(!holds_the_terminal(&journal, &awake(GRACE, "one")));
}

#[test]
fn a_machine_that_is_started_again_loses_what_it_was_off_and_no_more() {
    let dir = in_doubt();
    // Started again ten times, each time awake for a minute before and for a minute after the file is opened.
    for start in 0..10_i64 {
        let boot = format!("start {start}");
        let opened = Moment { at: NOW, awake: 60 * SECOND_MS, boot: Some(boot.clone()) };
        let mut journal = open_at_moment(&dir, &opened);
        assert_eq!(journal.till(&opened), 60 * SECOND_MS * start, "{boot}: what was before that does not count");
        let ended = Moment { at: NOW, awake: 120 * SECOND_MS, boot: Some(boot) };
        // Whoever lives for long leaves an event.
        journal
            .refuse(&sale(&format!("other {start}"), 1), secupos::payment::reason::Reason::NoConnection, &ended)
            .expect("stored");
        assert_eq!(journal.till(&ended), 60 * SECOND_MS * (start + 1));
        assert_eq!(holds_the_terminal(&journal, &ended), 60 * SECOND_MS * (start + 1) < GRACE);
    }
    // A system that does not say which start it is adds nothing, and one whose clock goes back takes nothing.
    for odd in [Moment { at: NOW, awake: i64::MAX, boot: None }, Moment { at: NOW, awake: 0, boot: Some("x".into()) }] {
        let journal = open_at_moment(&dir, &odd);
        assert_eq!(journal.till(&odd), 600 * SECOND_MS);
    }
    let journal = open_at_moment(&dir, &Moment { at: NOW, awake: -DAY_MS, boot: Some("x".into()) });
    assert_eq!(journal.till(&Moment { at: NOW, awake: -DAY_MS, boot: Some("x".into()) }), 600 * SECOND_MS);
}

#[test]
fn nothing_that_takes_its_time_goes_by_a_clock_that_can_be_set() {
    for step in [-9 * DAY_MS, -HOUR_MS, HOUR_MS, 9 * DAY_MS, -NOW, 40 * 365 * DAY_MS] {
        let dir = in_doubt();
        let set = |passed: i64| Moment { at: NOW + step, ..awake(passed, "one") };
        let mut journal = open_at_moment(&dir, &set(SECOND_MS));
        assert_eq!(journal.till(&set(SECOND_MS)), SECOND_MS);
        assert!(holds_the_terminal(&journal, &set(GRACE - 1)) && !holds_the_terminal(&journal, &set(GRACE)), "{step}");
        let is_duplicate = |journal: &Journal, passed| {
            journal.possible_duplicate(euro(100), "b", journal.till(&set(passed)), |_| true).expect("read").is_some()
        };
        assert!(is_duplicate(&journal, SECOND_MS) && is_duplicate(&journal, DUPLICATE_IN_DOUBT - 1), "{step}");
        assert!(!is_duplicate(&journal, DUPLICATE_IN_DOUBT), "{step}");
        let is_asked_about = |journal: &Journal, passed| {
            let unproven = journal.unproven().expect("read");
            unproven.first().is_some_and(|attempt| attempt.is_asked_about(journal.till(&set(passed))))
        };
        assert!(is_asked_about(&journal, SECOND_MS) && is_asked_about(&journal, ASKED_FOR - 1), "{step}");
        assert!(!is_asked_about(&journal, ASKED_FOR), "{step}");
        // Failed, by what a read said: a duplicate for a quarter of an hour from then on.
        let ended = set(2 * SECOND_MS);
        let failed = Finish { till: journal.till(&ended), said_by_start: false, ..finish(State::Declined) };
        journal.finish("a", 1, &failed, &ended).expect("finished");
        let last = 2 * SECOND_MS + DUPLICATE_NEGATIVE;
        assert!(is_duplicate(&journal, last - 1) && !is_duplicate(&journal, last), "{step}");
    }
}

#[test]
fn it_goes_on_where_it_was_when_a_damaged_file_is_made_anew() {
    let dir = in_doubt();
    drop(open_at_moment(&dir, &awake(10 * SECOND_MS, "one")));
    dir.tamper("DROP TRIGGER events_are_never_changed; UPDATE events SET at = at + 1 WHERE sequence = 2");
    let later = awake(25 * SECOND_MS, "one");
    let journal = open_at_moment(&dir, &later);
    assert!(journal.is_in_recovery());
    assert_eq!(journal.till(&later), 25 * SECOND_MS);
    assert!(holds_the_terminal(&journal, &later));
}
