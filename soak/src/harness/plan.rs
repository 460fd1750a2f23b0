//! What is done to one attempt: how the customer and the server behave, what breaks, and when the till is killed.

use secupos_simulator::Moment;
use secupos_simulator::fault::{Ending, Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{
    AbortBeforeStart, AbortWhileRunning, DeviceSource, SecondStart, Settings, TokenKilled,
};

use crate::evidence::Window;
use crate::goal::Goal;

/// How long start may block, in milliseconds, before the till gives up waiting.
pub const PAYMENT_MS: u64 = 2000;
/// The till's timeouts: connect, request, payment, resolve. The network's are real, the last one is till time.
pub const TIMEOUTS: [u64; 4] = [500, 1000, PAYMENT_MS, 45_000];
/// So many times as fast as the machine's runs the till's clock.
pub const FASTER: u64 = 83;
/// From the durable row until no start can arrive any more: 300 s and 30 s besides what is configured.
pub const GRACE_MS: u64 = real(300_000 + 30_000 + TIMEOUTS[0] + TIMEOUTS[1]);
/// For no longer do reads lag behind the truth.
const LAG_MS: u64 = real(10_000);
/// A refusal that comes later than this is none that came at once.
const AT_ONCE_MS: u64 = real(5_000);

/// How long that much till time takes, in milliseconds.
const fn real(ms: u64) -> u64 {
    ms / FASTER
}

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
    pub script: Script,
    /// All tokens die at this moment.
    pub kills_tokens: Option<Moment>,
}

impl Plan {
    /// Nothing bad happens.
    pub fn kind() -> Plan {
        Plan {
            aim: Aim::Never,
            breaks: None,
            faults: Vec::new(),
            settings: Settings::default(),
            script: Script::default(),
            kills_tokens: None,
        }
    }

    /// How the service disowns a start that the terminal has: by a refusal, or by saying that it failed.
    pub fn disowns(&self) -> Option<&'static str> {
        match (self.script.refused, self.script.paid_after_ms) {
            (Some(refused), _) if refused.after_ms < AT_ONCE_MS => Some("refused_at_once"),
            (Some(_), _) => Some("refused_late"),
            (None, Some(_)) => Some("failed_first"),
            (None, None) => None,
        }
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
            12,
            4,
            1,
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
            7 => plan.script.refused = Some(a_refusal()),
            8 => {
                let moment = one_of(&[Moment::Answered(Endpoint::Create), Moment::Arrived(Endpoint::Start)]);
                plan.kills_tokens = Some(moment).filter(|_| fastrand::bool());
            }
            // Nobody can be right: it fails, and is paid after all.
            _ => {
                let paid_after_ms = Some(fastrand::u64(50..2000));
                plan.script = Script { paid_after_ms, ..Script::of(Scenario::Declined) };
            }
        }
        more_faults(&mut plan.faults);
        // A script is for the first that is created.
        let is_scripted = plan.script != Script::default();
        plan.faults.retain(|(endpoint, _)| !(is_scripted && *endpoint == Endpoint::Create));
        plan.believable()
    }

    /// The same, but the service says what it says in another one.
    pub fn saying_what(self, other: &Plan) -> Plan {
        let settings = Settings { think_ms: self.settings.think_ms, ..other.settings.clone() };
        Plan { settings, ..self }.believable()
    }

    /// A word for "not paid" that is read for a minute is believed: no customer takes so long where that is said meanwhile.
    fn believable(mut self) -> Plan {
        if self.settings.status_while_running == "failed" {
            self.settings.think_ms = self.settings.think_ms.min(real(60_000) / 2 - LAG_MS);
        }
        self
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
    use AbortWhileRunning::{FollowsStatus, PaysAnyway, Refused, Stops, WithoutEffect};
    let is_rare = |percent| fastrand::u8(0..100) < percent;
    Settings {
        think_ms: one_of(&[0, 0, 20, 20, 60, 60, 150, 300, 900]),
        status_while_running: one_of(&["created", "created", "pending", "being_paid", "failed"]).into(),
        hidden_while_running: is_rare(15),
        result_lag_ms: one_of(&[0, 0, LAG_MS / 2, LAG_MS]),
        receipts_lag_ms: one_of(&[0, 0, 300]),
        signature_lag_ms: one_of(&[0, 0, 0, 200]),
        second_start: one_of(&[SecondStart::Refused, SecondStart::Charges, SecondStart::Same]),
        // Where the customer pays all the same, nobody can be right.
        abort_while_running: if is_rare(3) {
            PaysAnyway
        } else {
            one_of(&[Refused, WithoutEffect, Stops, FollowsStatus])
        },
        abort_before_start: match fastrand::u8(0..100) {
            0..5 => AbortBeforeStart::Refused,
            5..10 => AbortBeforeStart::WithoutEffect,
            _ => AbortBeforeStart::Accepted,
        },
        token_killed_while_running: one_of(&[TokenKilled::Lives, TokenKilled::RefusedAfterwards]),
        dead_token_status: one_of(&[403, 401]),
        honours_x_action: fastrand::bool(),
        list_refused: is_rare(15),
        list_lag_ms: one_of(&[0, 0, 300]),
        device_source: one_of(&[DeviceSource::Told, DeviceSource::NotListed, DeviceSource::NeverTold]),
        ..Settings::default()
    }
}

/// Start is refused, at once or later, and the terminal has the payment all the same.
fn a_refusal() -> Refused {
    let after_ms = one_of(&[0, 0, AT_ONCE_MS / 2, AT_ONCE_MS * 2, AT_ONCE_MS * 6]);
    let (status, code) = one_of(&[(500, 9009), (400, 9009), (403, 2003), (401, 2003)]);
    Refused { after_ms, status, code }
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
    for endpoint in [Endpoint::Token, Endpoint::List] {
        if fastrand::u8(0..100) < 4 {
            faults.push((endpoint, one_of(&broken)));
        }
    }
}
