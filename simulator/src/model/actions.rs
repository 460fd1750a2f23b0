//! `X-Action: <any unique id>`: where it is honoured, a call that is repeated under its id is done once, and every
//! repetition gets the first answer, also while the first is still being worked on.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::answer::Answer;
use crate::model::endpoint::Endpoint;
use crate::model::request::{Pending, Reply};

/// The calls that were made under an id.
#[derive(Default)]
pub(crate) struct Actions(BTreeMap<String, Action>);

struct Action {
    since: Duration,
    told: Told,
}

enum Told {
    Answer(Answer),
    /// The first call is still being worked on, and others wait for the same answer.
    Nothing {
        first: Pending,
        others: Vec<Pending>,
    },
}

/// Only these can be repeated under an id.
pub(crate) fn takes_an_id(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Create | Endpoint::Start | Endpoint::Cancel | Endpoint::EndOfDay | Endpoint::Diagnosis)
}

impl Actions {
    /// Forgets what was called so long ago.
    pub(crate) fn forget(&mut self, now: Duration, kept: Duration) {
        self.0.retain(|_, action| now.saturating_sub(action.since) < kept);
    }

    /// The reply to a call that was made before; if it has to wait, under this number.
    pub(crate) fn repeats(&mut self, id: &str, waits: Pending) -> Option<Reply> {
        Some(match &mut self.0.get_mut(id)?.told {
            Told::Answer(answer) => Reply::Now(answer.clone()),
            Told::Nothing { others, .. } => {
                others.push(waits);
                Reply::Later(waits)
            }
        })
    }

    /// A call was made for the first time, and replied to.
    pub(crate) fn replied(&mut self, id: &str, since: Duration, reply: &Reply) {
        let told = match reply {
            Reply::Now(answer) => Told::Answer(kept(answer)),
            Reply::Later(first) => Told::Nothing { first: *first, others: Vec::new() },
        };
        self.0.insert(id.to_owned(), Action { since, told });
    }

    /// A call is answered at last. Returns who waits for the same answer, and that.
    pub(crate) fn answered(&mut self, call: Pending, answer: &Answer) -> Vec<(Pending, Answer)> {
        let is_it = |told: &&mut Told| matches!(told, Told::Nothing { first, .. } if *first == call);
        let Some(told) = self.0.values_mut().map(|action| &mut action.told).find(is_it) else { return Vec::new() };
        let answer = kept(answer);
        match std::mem::replace(told, Told::Answer(answer.clone())) {
            Told::Nothing { others, .. } => others.into_iter().map(|other| (other, answer.clone())).collect(),
            Told::Answer(_) => Vec::new(),
        }
    }
}

/// The first answer may get lost, but not what is told of it later.
fn kept(answer: &Answer) -> Answer {
    Answer { is_lost: false, ..answer.clone() }
}
