//! What is done to one attempt: how the customer and the server behave, what breaks, and when the till is killed.

use secupos_simulator::fault::{Ending, Endpoint, Fault, What, When};
use secupos_simulator::settings::{AbortWhileRunning, SecondStart, Settings};

use crate::evidence::Window;
use crate::goal::Goal;

/// How long start may block, in milliseconds, before the till gives up waiting.
pub const PAYMENT_MS: u64 = 2000;
/// The till's timeouts: connect, request, payment, resolve, grace.
pub const TIMEOUTS: [u64; 5] = [500, 1000, PAYMENT_MS, 500, 2500];
/// From the durable row to the grace deadline.
pub const GRACE_MS: u64 = TIMEOUTS[0] + TIMEOUTS[1] + TIMEOUTS[4];

/// When the till is killed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Aim {
    /// It is let live.
    Never,
    /// So many milliseconds after `pay`.
    AtRandom(u64),
    /// When the row is durable and start has not come yet.
    AfterRow,
    /// So many milliseconds after start has come.
    AfterSend(u64),
    /// So many milliseconds after the customer was done, while the answer is held up.
    AfterCommit(u64),
    /// When the answer is there and not stored yet.
    AfterAnswer,
    /// So many milliseconds after the connection broke.
    AfterBreak(u64),
    /// So many microseconds after the library has told the outcome: before, while or after it is booked.
    AfterTold(u64),
}

impl Aim {
    pub fn name(self) -> &'static str {
        match self {
            Aim::Never => "never",
            Aim::AtRandom(_) => "at_random",
            Aim::AfterRow => "after_row",
            Aim::AfterSend(_) => "after_send",
            Aim::AfterCommit(_) => "after_commit",
            Aim::AfterAnswer => "after_answer",
            Aim::AfterBreak(_) => "after_break",
            Aim::AfterTold(_) => "after_told",
        }
    }
}

/// How start breaks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Break {
    pub name: &'static str,
    pub fault: Fault,
}

impl Break {
    /// Start is lost, and will never be worked on.
    pub fn is_lost(&self) -> bool {
        self.fault.when == When::Before && !self.is_late()
    }

    /// Start is worked on only after the till has given up waiting.
    pub fn is_late(&self) -> bool {
        matches!(self.fault, Fault { when: When::Before, what: What::Delay(ms), .. } if ms > PAYMENT_MS)
    }
}

/// What is done to one attempt.
#[derive(Clone, Debug)]
pub struct Plan {
    pub aim: Aim,
    pub breaks: Option<Break>,
    pub faults: Vec<(Endpoint, Fault)>,
    pub settings: Settings,
    /// All tokens die as soon as create is answered.
    pub kills_tokens: bool,
}

impl Plan {
    /// Nothing bad happens.
    pub fn kind() -> Plan {
        Plan { aim: Aim::Never, breaks: None, faults: Vec::new(), settings: Settings::default(), kills_tokens: false }
    }

    /// By chance, and by what is still missing.
    pub fn by_chance(goal: &Goal) -> Plan {
        let mut plan = Plan { settings: settings(), ..Plan::kind() };
        let think = plan.settings.think_ms;
        let missing = |window: Window, weight: u32| if goal.is_missing(window) { weight } else { weight / 4 + 1 };
        match weighted(&[
            missing(Window::RowSend, 14),
            missing(Window::SendCommit, 12),
            missing(Window::CommitAnswer, 8),
            missing(Window::AnswerStored, 24),
            8,
            6,
            26,
            4,
        ]) {
            0 => {
                plan.aim = Aim::AfterRow;
                plan.faults.push((Endpoint::Create, Fault::new(When::After, What::Delay(12))));
            }
            1 => {
                plan.settings.think_ms = think.max(40);
                plan.aim = Aim::AfterSend(fastrand::u64(0..plan.settings.think_ms * 9 / 10));
            }
            2 => {
                plan.aim = Aim::AfterCommit(fastrand::u64(0..40));
                plan.faults.push((Endpoint::Start, Fault::new(When::After, What::Delay(60))));
            }
            3 => {
                plan.aim = Aim::AfterAnswer;
                plan.faults.push((Endpoint::Start, Fault::new(When::After, What::Delay(15))));
            }
            4 => plan.aim = Aim::AtRandom(fastrand::u64(0..think + 60)),
            5 => plan.aim = Aim::AfterTold(fastrand::u64(0..4000)),
            6 => {
                let breaks = a_break(&mut plan.settings);
                plan.faults.push((Endpoint::Start, breaks.fault.clone()));
                plan.breaks = Some(breaks);
                if fastrand::u8(0..100) < 30 {
                    plan.aim = Aim::AfterBreak(fastrand::u64(0..1500));
                }
            }
            _ => plan.kills_tokens = fastrand::u8(0..100) < 15,
        }
        more_faults(&mut plan.faults);
        plan
    }
}

fn weighted(weights: &[u32]) -> usize {
    let mut left = fastrand::u32(0..weights.iter().sum());
    for (index, weight) in weights.iter().enumerate() {
        if left < *weight {
            return index;
        }
        left -= weight;
    }
    0
}

fn one_of<T: Clone>(choices: &[T]) -> T {
    choices[fastrand::usize(0..choices.len())].clone()
}

/// What nobody has documented, and how long the customer takes.
fn settings() -> Settings {
    Settings {
        think_ms: one_of(&[0, 0, 20, 20, 60, 60, 150, 300, 900]),
        status_while_running: one_of(&["created", "created", "pending", "being_paid"]).into(),
        hidden_while_running: fastrand::u8(0..100) < 15,
        result_lag_ms: one_of(&[0, 0, 0, 150, 600]),
        receipts_lag_ms: one_of(&[0, 0, 300]),
        second_start: one_of(&[SecondStart::Refused, SecondStart::Charges, SecondStart::Same]),
        abort_while_running: one_of(&[
            AbortWhileRunning::Refused,
            AbortWhileRunning::WithoutEffect,
            AbortWhileRunning::Stops,
        ]),
        ..Settings::default()
    }
}

fn page(status: u16) -> What {
    What::Answer { status, body: "<html><body>Bad gateway</body></html>".into() }
}

fn a_break(settings: &mut Settings) -> Break {
    use When::{After, Before, During};
    let at = |name, when, what| Break { name, fault: Fault::new(when, what) };
    match weighted(&[2, 1, 5, 6, 22]) {
        // Never worked on: costs the whole grace.
        0 => one_of(&[
            at("reset_before", Before, What::Reset),
            at("close_before", Before, What::Close),
            at("502_before", Before, page(502)),
        ]),
        1 => at("silence_before", Before, What::Silence),
        // Worked on when the till has given up, and before its grace is over.
        2 => at("late", Before, What::Delay(fastrand::u64(PAYMENT_MS + 100..GRACE_MS * 9 / 10 - 300))),
        3 => {
            settings.think_ms = fastrand::u64(60..400);
            one_of(&[at("reset_during", During, What::Reset), at("close_during", During, What::Close)])
        }
        _ => one_of(&[
            at("reset_after", After, What::Reset),
            at("close_after", After, What::Close),
            at("truncated", After, What::Truncate),
            at("reset_in_answer", After, What::ResetInAnswer),
            at("cut", After, What::Cut { after: fastrand::usize(1..300), ending: Ending::Reset }),
            at("half_closed", After, What::Cut { after: fastrand::usize(1..300), ending: Ending::HalfClose }),
            at("502_after", After, page(502)),
            at("503_after", After, What::ApiError { status: 503, code: 1, text: "Bitte später".into() }),
            at("429_after", After, page(429)),
            at("no_json", After, What::Answer { status: 200, body: "ok".into() }),
            at("another_id", After, What::Replace { pointer: "/id".into(), value: "STX_OTHER".into() }),
            at("deep", After, What::Deep(500)),
            at("silence_after", After, What::Silence),
        ]),
    }
}

/// What else breaks: reads, aborts, creates, logins.
fn more_faults(faults: &mut Vec<(Endpoint, Fault)>) {
    use When::{After, Before};
    let broken = [
        Fault::new(Before, What::Reset),
        Fault::new(After, What::Reset),
        Fault::new(After, What::Truncate),
        Fault::new(After, page(502)),
        Fault::new(Before, What::ApiError { status: 503, code: 1, text: "Bitte später".into() }),
        Fault::new(After, What::Delay(300)),
    ];
    let reads = [
        Fault::new(Before, What::ApiError { status: 404, code: 9004, text: "unbekannt".into() }),
        Fault::new(Before, What::ApiError { status: 429, code: 1, text: "zu viel".into() }),
        Fault::new(Before, What::Silence),
        Fault::new(After, What::Replace { pointer: "/id".into(), value: "STX_OTHER".into() }),
    ];
    for _ in 0..one_of(&[0, 0, 1, 2, 4]) {
        let fault = if fastrand::u8(0..10) == 0 { one_of(&reads) } else { one_of(&broken) };
        faults.push((Endpoint::Read, fault));
    }
    if fastrand::u8(0..100) < 30 {
        faults.push((Endpoint::Abort, one_of(&broken)));
    }
    let has = |faults: &[(Endpoint, Fault)], endpoint| faults.iter().any(|(of, _)| *of == endpoint);
    if fastrand::u8(0..100) < 4 && !has(faults, Endpoint::Create) {
        faults.push((Endpoint::Create, one_of(&broken)));
    }
    if fastrand::u8(0..100) < 4 {
        faults.push((Endpoint::Token, one_of(&broken)));
    }
}
