//! Row 15 of issue 13: two references that look alike cannot be two sales, and what is stored is found by its own bytes.

use secupos::error::Status;
use secupos::journal::{Identity, IfMissing, Journal, NewAttempt, Opening, Start};
use secupos::money::Money;
use secupos::os::files::Access;
use secupos::payment::outcome::Outcome;
use secupos::till::clock::Clock;
use secupos::till::sale::Sale;

use crate::{Bench, bench, once_free, opened, state_file};

#[test]
fn what_looks_like_another_reference_is_refused_by_its_name_and_nothing_is_sent() {
    let bench = bench();
    let pays = |reference: &str| bench.till.pay(&Sale::new(reference, 102, "EUR")?);
    assert_eq!(pays("Bäcker 7").expect("a payment").outcome(), Outcome::Approved);
    let sent = bench.simulator.requests().len();
    for (alike, character) in [
        ("Ba\u{308}cker 7", "U+0308"),
        ("Bäcker 7 ", "U+0020"),
        (" Bäcker 7", "U+0020"),
        ("Bäcker 7\u{a0}", "U+00A0"),
        ("Bäcker\u{200b} 7", "U+200B"),
        ("Bäcker\u{ad} 7", "U+00AD"),
        ("\u{feff}Bäcker 7", "U+FEFF"),
        ("Bäcker 7\n", "U+000A"),
        ("Bäcker\u{202e} 7", "U+202E"),
        ("Bäcker 7\u{301}", "U+0301"),
    ] {
        let error = pays(alike).err().expect(alike);
        assert_eq!(error.status(), Status::InvalidArgument, "{alike:?}");
        assert!(error.message().starts_with("reference ") && error.message().contains(character), "{error}");
    }
    assert_eq!((bench.simulator.requests().len(), bench.simulator.ledger().len()), (sent, 1));
    // The same text is the same sale.
    assert!(pays("B\u{e4}cker 7").expect("a payment").replayed());
}

#[test]
fn what_an_older_program_has_stored_is_found_as_it_is() {
    const OLD: [&str; 3] = ["Ba\u{308}cker", " blank ", "zero\u{200b}width"];
    let Bench { till, clock, simulator } = bench();
    drop(till);
    let path = state_file(&simulator);
    let identity = Identity::of_device(&simulator.base_url(), simulator.client_id(), simulator.device_code());
    let opening = Opening {
        path: &path,
        head_file: None,
        access: &Access::Owner,
        identity: &identity,
        if_missing: IfMissing::Refuse,
    };
    let mut journal = once_free(|| Journal::open(&opening, &clock.moment()));
    for (number, reference) in OLD.into_iter().enumerate() {
        let money = Money { minor: 100, currency: "EUR".parse().expect("a currency") };
        let (created_at, confirmed_by) = (clock.now(), None);
        let id = format!("STX_OLD{number}");
        let new = NewAttempt { reference, attempt: 1, money, transaction_id: Some(&id), created_at, confirmed_by };
        let start = Start { server_date: None, grace: 333_000, action: "an action" };
        journal.begin_starting(&new, &start, &clock.moment()).expect("begun");
    }
    drop(journal);
    let till = once_free(|| opened(&crate::config(&simulator), &simulator, clock.clone()));
    for reference in OLD {
        assert_eq!(Sale::new(reference, 100, "EUR").expect_err("no new sale").status(), Status::InvalidArgument);
        let verdict = secupos::till::decide::Verdict {
            paid: false,
            operator: "Erna".into(),
            reason: "no slip".into(),
            slip_number: None,
        };
        let decided = till.decide(reference, None, &verdict).expect("found");
        assert_eq!(decided.ticket().reference, reference);
        till.acknowledge(reference, None).expect("found");
        assert_eq!(till.recover(reference, Some(1)).expect("found").ticket().reference, reference);
    }
    // What differs by a byte is another one.
    assert_eq!(till.recover("B\u{e4}cker", None).err().expect("another").status(), Status::NotFound);
}
