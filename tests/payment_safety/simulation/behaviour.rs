//! What a service might do that nobody has documented. Each schedule runs under a combination that is drawn for it.

use super::dice::Dice;

/// What a read says while the customer stands at the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhileRunning {
    Created,
    UnknownWord,
    NotFound,
    /// `created`, and for five seconds after it has ended, too.
    CreatedAndLags,
}

/// What abort does to a payment that is running at the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AbortWhileRunning {
    Refused,
    NoEffect,
    Kills,
    SaysAbortedYetPays,
}

/// What a second start of the same transaction does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SecondStart {
    Charges,
    Refused,
    /// It waits for the first one's result.
    Same,
}

/// What becomes of a start whose token is killed by a newer one while it runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKilled {
    Lives,
    /// It is answered with 2003, after the charge.
    RefusedAfter,
    /// The service calls it `failed` at once, and answers with 2003; the terminal goes on, and once the customer has
    /// paid it is `ok`.
    CutOff,
}

#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    pub while_running: WhileRunning,
    pub abort: AbortWhileRunning,
    pub second_start: SecondStart,
    /// Half of what has failed is `ok` a while later, and charged.
    pub ok_after_failed: bool,
    pub token_killed: TokenKilled,
    /// For ten seconds `ok` comes without receipts.
    pub receipts_late: bool,
    /// Whether answers carry a `Date`.
    pub tells_time: bool,
    pub token_lives_for_seconds: u64,
    /// The word for what an abort has ended.
    pub aborted_word: &'static str,
    /// In how many of a hundred cases a start goes wrong on its way.
    pub start_faults: u64,
    /// The same for all other requests.
    pub other_faults: u64,
}

impl Behaviour {
    pub fn draw(dice: &mut Dice) -> Self {
        use {AbortWhileRunning as Abort, SecondStart as Second, TokenKilled as Token, WhileRunning as Running};
        Behaviour {
            while_running: dice.pick(&[
                Running::Created,
                Running::UnknownWord,
                Running::NotFound,
                Running::CreatedAndLags,
            ]),
            abort: dice.pick(&[Abort::Refused, Abort::NoEffect, Abort::Kills, Abort::SaysAbortedYetPays]),
            second_start: dice.pick(&[
                Second::Charges,
                Second::Charges,
                Second::Charges,
                Second::Refused,
                Second::Same,
            ]),
            ok_after_failed: dice.percent(20),
            token_killed: dice.pick(&[Token::Lives, Token::RefusedAfter, Token::CutOff, Token::CutOff]),
            receipts_late: dice.percent(30),
            tells_time: dice.percent(80),
            token_lives_for_seconds: dice.pick(&[600, 1200, 3600]),
            aborted_word: dice.pick(&["aborted", "canceled", "cancelled"]),
            start_faults: dice.pick(&[30, 60, 90]),
            other_faults: dice.pick(&[0, 5, 30]),
        }
    }
}
