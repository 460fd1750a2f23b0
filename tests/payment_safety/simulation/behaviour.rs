//! What a service might do that nobody has documented. Each schedule runs under a combination that is drawn for it.

use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{self, Settings, TerminalBusy};

use super::dice::Dice;

/// Where reads or receipts lag, they lag by so many milliseconds, and the list by so many.
const LAG: u64 = 10_000;
const LIST_LAG: u64 = 30_000;

/// What a read says while the customer stands at the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhileRunning {
    Created,
    UnknownWord,
    NotFound,
    Failed,
}

/// What abort does to a payment that is running at the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbortWhileRunning {
    Refused,
    NoEffect,
    Kills,
    /// What reads say decides, not what is so.
    FollowsStatus,
    SaysAbortedYetPays,
}

/// What becomes of a start whose token is killed by a newer one while it runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKilled {
    Lives,
    /// It is answered as one with a dead token, after the charge.
    RefusedAfter,
    /// It is answered so at once, and the service calls it `failed`; the terminal goes on, and once the customer has paid it
    /// is `ok`.
    CutOff,
}

/// What a start that goes wrong mostly suffers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    Any,
    Breaks,
    ComesLate,
    IsRefused,
}

/// Whether the transactions can be listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum List {
    Allowed,
    Refused,
    /// What has been created a moment ago is missing.
    Late,
}

#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    pub while_running: WhileRunning,
    /// Reads know of everything ten seconds late.
    pub lags: bool,
    pub abort: AbortWhileRunning,
    /// In how many of a hundred cases what is refused at once is at the terminal all the same.
    pub refuses_yet_runs: u64,
    /// Half of what has failed is `ok` a while later, and charged.
    pub ok_after_failed: bool,
    pub token_killed: TokenKilled,
    pub trouble: Trouble,
    /// All customers take a minute and more.
    pub slow_customers: bool,
    /// How a token that is not alive is refused.
    pub dead_token: u16,
    /// Another till logs in as the same device now and then.
    pub another_till: bool,
    /// For ten seconds `ok` comes without receipts.
    pub receipts_late: bool,
    /// Now and then another sum is charged: a part, a tip.
    pub odd_sums: bool,
    pub list: List,
    /// What is repeated under its name is done once.
    pub honours_actions: bool,
    /// Whether answers carry a `Date`, and how many seconds one of two nodes is ahead.
    pub tells_time: bool,
    pub skew_seconds: i64,
    pub token_lives_for_seconds: u64,
    /// The word for what an abort has ended.
    pub aborted_word: &'static str,
    /// In how many of a hundred cases a start goes wrong on its way.
    pub start_faults: u64,
    /// The same for all other requests.
    pub other_faults: u64,
    /// In how many of a thousand instants the machine sleeps, or somebody sets its clock.
    pub unrest: u64,
}

impl Behaviour {
    pub fn draw(dice: &mut Dice) -> Self {
        use {AbortWhileRunning as Abort, WhileRunning as Running};
        let drawn = Behaviour {
            while_running: dice.pick(&[Running::Created, Running::UnknownWord, Running::NotFound, Running::Failed]),
            lags: dice.percent(30),
            abort: dice.pick(&[
                Abort::Refused,
                Abort::NoEffect,
                Abort::Kills,
                Abort::FollowsStatus,
                Abort::SaysAbortedYetPays,
            ]),
            refuses_yet_runs: dice.pick(&[0, 20, 60]),
            ok_after_failed: dice.percent(20),
            token_killed: dice.pick(&[TokenKilled::Lives, TokenKilled::RefusedAfter, TokenKilled::CutOff]),
            trouble: Trouble::Any,
            slow_customers: false,
            dead_token: dice.pick(&[403, 401]),
            another_till: dice.percent(20),
            receipts_late: dice.percent(30),
            odd_sums: dice.percent(20),
            list: dice.pick(&[List::Allowed, List::Allowed, List::Refused, List::Late]),
            honours_actions: dice.percent(50),
            tells_time: dice.percent(80),
            skew_seconds: dice.pick(&[0, 0, 600, -600]),
            token_lives_for_seconds: dice.pick(&[600, 1200, 3600]),
            aborted_word: dice.pick(&["aborted", "canceled", "cancelled", "deleted"]),
            start_faults: dice.pick(&[30, 60, 90]),
            other_faults: dice.pick(&[0, 5, 30]),
            unrest: dice.pick(&[0, 0, 5, 20]),
        };
        // What hurts most together would else be seldom.
        let often = Behaviour { start_faults: 90, other_faults: dice.pick(&[0, 5]), ..drawn };
        match dice.below(10) {
            0..2 => Behaviour {
                while_running: Running::Created,
                lags: true,
                abort: Abort::FollowsStatus,
                refuses_yet_runs: 90,
                trouble: Trouble::IsRefused,
                ..often
            },
            2..4 => Behaviour { while_running: Running::Failed, trouble: Trouble::Breaks, ..often },
            4..7 => {
                let (while_running, trouble) = (Running::Created, Trouble::ComesLate);
                Behaviour { while_running, trouble, slow_customers: true, lags: false, ..often }
            }
            7..9 => Behaviour { token_killed: TokenKilled::CutOff, ..drawn },
            _ => drawn,
        }
    }

    /// The model's settings that make it behave so.
    pub fn settings(&self) -> Settings {
        let usual = Settings::default();
        let lag = |lags: bool| if lags { LAG } else { 0 };
        Settings {
            status_while_running: match self.while_running {
                WhileRunning::Created | WhileRunning::NotFound => usual.status_while_running,
                WhileRunning::UnknownWord => "processing".into(),
                WhileRunning::Failed => "failed".into(),
            },
            hidden_while_running: self.while_running == WhileRunning::NotFound,
            result_lag_ms: lag(self.lags),
            receipts_lag_ms: lag(self.receipts_late),
            abort_while_running: match self.abort {
                AbortWhileRunning::Refused => settings::AbortWhileRunning::Refused,
                AbortWhileRunning::NoEffect => settings::AbortWhileRunning::WithoutEffect,
                AbortWhileRunning::Kills => settings::AbortWhileRunning::Stops,
                AbortWhileRunning::FollowsStatus => settings::AbortWhileRunning::FollowsStatus,
                AbortWhileRunning::SaysAbortedYetPays => settings::AbortWhileRunning::PaysAnyway,
            },
            token_killed_while_running: match self.token_killed {
                TokenKilled::Lives => settings::TokenKilled::Lives,
                TokenKilled::RefusedAfter => settings::TokenKilled::RefusedAfterwards,
                TokenKilled::CutOff => settings::TokenKilled::CutOff,
            },
            dead_token_status: self.dead_token,
            list_refused: self.list == List::Refused,
            list_lag_ms: if self.list == List::Late { LIST_LAG } else { 0 },
            honours_x_action: self.honours_actions,
            clock_skew_ms: vec![0, self.skew_seconds * 1000],
            token_lifetime_s: self.token_lives_for_seconds,
            aborted_word: self.aborted_word.into(),
            terminal_busy: TerminalBusy::Refused,
            ..usual
        }
    }

    /// What the customer does with a payment of this amount.
    pub fn script(&self, amount: i64, dice: &mut Dice) -> Script {
        let (scenario, word) = match dice.below(100) {
            0..86 => (Scenario::Girocard, "ok"),
            86..92 => (Scenario::Declined, "failed"),
            92..96 => (Scenario::Aborted, "aborted"),
            _ => (Scenario::TimedOut, "timeout"),
        };
        let thinks = match dice.below(10) {
            _ if self.slow_customers => dice.millis(60_000, 180_000),
            0..2 => dice.millis(1_500, 5_000),
            2..4 => dice.millis(5_000, 60_000),
            _ => dice.millis(60_000, 180_000),
        };
        let turns_ok = !scenario.is_paid() && self.ok_after_failed && dice.percent(50);
        let is_odd = self.odd_sums && dice.percent(30);
        Script {
            status: Some(word.into()),
            paid_after_ms: turns_ok.then(|| 500 + dice.below(59_501)),
            charged: is_odd.then(|| dice.pick(&[amount / 2, amount + 50])),
            ..Script::of(scenario).thinking(thinks)
        }
    }
}
