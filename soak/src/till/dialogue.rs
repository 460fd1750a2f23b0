//! What the till says to the harness, one JSON object a line, and what it is answered, one word or two a line.
//!
//! | says | is answered |
//! | --- | --- |
//! | `opened`, `told`, `finished`, `fault` | nothing |
//! | `next`: the customer before it wants to pay | `sell AMOUNT` or `finish` |
//! | `paying`: just before `pay` | `go` |
//! | `ask`: what the terminal shows | `paid`, `not_paid` or `not_yet_known` |
//! | `refund`: somebody was charged twice | `done` |

use std::io::{BufRead, Write};
use std::sync::mpsc::{self, Receiver};

use secupos::payment::reason::Reason;
use secupos::till::handles::payment::Payment;
use serde_json::{Value, json};

/// The line to the harness.
pub struct Dialogue {
    answers: Receiver<String>,
}

/// What the till does next.
pub enum Next {
    /// Sells something for so much.
    Sell(i64),
    /// Ends.
    Finish,
}

/// What the person at the terminal sees there.
pub enum Truth {
    Paid,
    NotPaid,
    NotYetKnown,
}

impl Dialogue {
    /// From now on the till ends when the harness does.
    pub fn begin() -> Dialogue {
        let (heard, answers) = mpsc::channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                let _ = heard.send(line);
            }
            std::process::exit(0);
        });
        Dialogue { answers }
    }

    fn say(&self, line: &Value) {
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }

    fn ask_for(&self, line: &Value) -> String {
        self.say(line);
        // The other end is a thread that ends with the process.
        self.answers.recv().unwrap_or_default()
    }

    pub fn opened(&self) {
        self.say(&json!({"say": "opened"}));
    }

    pub fn what_next(&self) -> Next {
        let answer = self.ask_for(&json!({"say": "next"}));
        let amount = answer.strip_prefix("sell ").and_then(|amount| amount.parse().ok());
        amount.map_or(Next::Finish, Next::Sell)
    }

    pub fn paying(&self, reference: &str, attempt: i32, amount: i64) {
        self.ask_for(&json!({"say": "paying", "reference": reference, "attempt": attempt, "amount": amount}));
    }

    /// What the library has said of a payment.
    pub fn told(&self, payment: &Payment) {
        self.say(&about("told", payment));
    }

    pub fn ask(&self, payment: &Payment) -> Truth {
        match self.ask_for(&about("ask", payment)).as_str() {
            "paid" => Truth::Paid,
            "not_paid" => Truth::NotPaid,
            _ => Truth::NotYetKnown,
        }
    }

    pub fn refund(&self, payment: &Payment) {
        self.ask_for(&about("refund", payment));
    }

    pub fn finished(&self) {
        self.say(&json!({"say": "finished"}));
    }

    pub fn fault(&self, fault: &str) {
        self.say(&json!({"say": "fault", "fault": fault}));
    }
}

fn about(say: &str, payment: &Payment) -> Value {
    let settled = payment.settled();
    json!({
        "say": say,
        "reference": payment.ticket().reference,
        "attempt": payment.ticket().attempt,
        "outcome": payment.outcome().name(),
        "reason": settled.and_then(|settled| settled.reason).map(Reason::name),
        "decided_by": settled.map(|settled| settled.decided_by.name()),
        "conflict": settled.is_some_and(|settled| settled.conflict),
        "transaction": settled.and_then(|settled| settled.transaction_id.as_ref()).map(|id| id.as_str().to_owned()),
    })
}
