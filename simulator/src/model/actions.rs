//! `X-Action: <any unique id>`: where it is honoured, a call that is repeated under its id is done once, and every
//! repetition gets the first answer, also while the first is still being worked on.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use crate::http::fault::Endpoint;
use crate::http::sabotage::Lost;
use crate::http::state::{Shared, World, locked};

/// The header.
pub(crate) const ACTION: &str = "x-action";

type Answer = Option<Response<Bytes>>;

/// The calls that were made under an id.
#[derive(Default)]
pub(crate) struct Actions(HashMap<String, Action>);

struct Action {
    since: Instant,
    answer: watch::Receiver<Answer>,
}

/// What a call is to do.
enum Turn {
    /// What it says, and to tell others of the answer.
    First(watch::Sender<Answer>),
    /// Nothing, but wait for the answer.
    Repeated(watch::Receiver<Answer>),
    /// What it says.
    Alone,
}

impl Actions {
    fn turn(&mut self, id: &str, kept: Duration) -> Turn {
        self.0.retain(|_, action| action.since.elapsed() < kept);
        if let Some(action) = self.0.get(id) {
            return Turn::Repeated(action.answer.clone());
        }
        let (tell, answer) = watch::channel(None);
        self.0.insert(id.to_owned(), Action { since: Instant::now(), answer });
        Turn::First(tell)
    }
}

/// Only these can be repeated under an id.
fn takes_an_id(endpoint: Endpoint) -> bool {
    matches!(endpoint, Endpoint::Create | Endpoint::Start | Endpoint::Cancel | Endpoint::EndOfDay | Endpoint::Diagnosis)
}

fn turn(world: &mut World, request: &Request) -> Turn {
    let endpoint = Endpoint::of(request.method().as_str(), request.uri().path());
    let id = action(request.headers()).filter(|_| world.settings.honours_x_action);
    match id.filter(|_| endpoint.is_some_and(takes_an_id)) {
        // Who may not call has not called.
        Some(id) if world.admits(request.headers()).is_ok() => {
            let kept = Duration::from_millis(world.settings.x_action_kept_ms);
            world.actions.turn(&id, kept)
        }
        _ => Turn::Alone,
    }
}

/// The id that a request is made under.
pub(crate) fn action(headers: &HeaderMap) -> Option<String> {
    Some(headers.get(ACTION)?.to_str().ok()?.to_owned())
}

pub(crate) async fn once(State(world): State<Shared>, request: Request, next: Next) -> Response {
    let turn = turn(&mut locked(&world), &request);
    match turn {
        Turn::Alone => next.run(request).await,
        Turn::First(tell) => {
            let (head, body) = next.run(request).await.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
            let answer = Response::from_parts(head, body);
            // The first answer may get lost, but not what is told of it later.
            let mut kept = answer.clone();
            kept.extensions_mut().remove::<Lost>();
            tell.send_replace(Some(kept));
            answer.map(Into::into)
        }
        Turn::Repeated(mut answer) => {
            let told = answer.wait_for(Option::is_some).await.ok().and_then(|answer| answer.clone());
            told.map_or(StatusCode::INTERNAL_SERVER_ERROR.into_response(), |answer| answer.map(Into::into))
        }
    }
}
