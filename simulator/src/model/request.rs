//! A request that has reached the service, and how the service replies: at once, or later.

use serde_json::Value;

use crate::model::answer::Answer;
use crate::model::endpoint::Endpoint;
use crate::model::node::Node;

/// A request.
pub struct Request<'a> {
    /// What it asks for.
    pub endpoint: Endpoint,
    /// The transaction's id or the receipt number that its path names; else empty.
    pub named: &'a str,
    /// What its path has after a question mark.
    pub query: &'a str,
    /// The access token that it shows.
    pub bearer: Option<&'a str>,
    /// It was let in when it was sent, and has been held up since: nobody looks at its token again.
    pub is_let_in: bool,
    /// The id that it is made under: `X-Action`.
    pub action: Option<&'a str>,
    /// Its body; none if that is neither JSON nor a form.
    pub body: Option<Value>,
    /// Where it came to.
    pub node: Node,
}

/// An answer that is to come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Pending(pub(crate) u64);

/// How the service replies to a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// This is its answer.
    Now(Answer),
    /// Its answer comes later.
    Later(Pending),
}
