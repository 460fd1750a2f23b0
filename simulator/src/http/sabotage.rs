//! Notes each request, and makes it go wrong where a fault waits for it.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use crate::http::connection::{Connection, Door, Shutting};
use crate::http::fault::{Ending, Endpoint, Fault, What, When};
use crate::http::state::{Moment, RequestSeen, Shared, locked};
use crate::model::actions::action;
use crate::model::answer::{Refusal, answer, status};
use crate::model::ids;
use crate::model::receipts::ACCOUNT_NUMBERS;

/// Time for what was begun to get to where it is going.
const MOMENT: Duration = Duration::from_millis(20);

/// Marks an answer that never comes: the connection breaks instead.
#[derive(Clone, Copy)]
pub(crate) struct Lost;

pub(crate) async fn watch(
    State(world): State<Shared>,
    Extension(connection): Extension<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if path.starts_with("/_control/") {
        return next.run(request).await;
    }
    let endpoint = Endpoint::of(method.as_str(), &path);
    let (fault, door) = {
        let mut world = locked(&world);
        let headers = request.headers();
        let accept_encoding = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        world.requests.push(RequestSeen {
            time_ms: ids::now_ms(),
            method: method.to_string(),
            path: path.clone(),
            connection: connection.number,
            bearer: headers.contains_key(header::AUTHORIZATION),
            action: action(headers),
            accept_encoding: accept_encoding.map(str::to_owned),
        });
        let fault = endpoint.and_then(|endpoint| world.take_fault(endpoint));
        if let Some(endpoint) = endpoint {
            world.tell(named(&path), Moment::Arrived(endpoint));
        }
        (fault, world.door.clone())
    };
    let is_reused = connection.counts_request() > 1;
    let fault = fault.filter(|fault| is_reused || fault.what != What::CloseReused);
    let is_spoilt = fault.as_ref().is_some_and(|fault| !fault.what.only_takes_time());
    let scene = Scene { connection: connection.clone(), door, path: path.clone(), world: world.clone(), endpoint };
    let answer = match fault {
        Some(Fault { when: When::Before, what, .. }) if !what.only_takes_time() => {
            scene.play(what, answer(StatusCode::OK, "{}")).await
        }
        Some(Fault { when: When::Before, what, .. }) => {
            arrived(request, next, async move { scene.hold_up(&what).await }).await
        }
        Some(Fault { when: When::During, what, .. }) if !what.changes_an_answer() => {
            let running = tokio::spawn(arrived(request, next, std::future::ready(())));
            tokio::time::sleep(MOMENT).await;
            drop(running);
            scene.play(what, answer(StatusCode::OK, "{}")).await
        }
        Some(Fault { what, .. }) => {
            let done = arrived(request, next, std::future::ready(())).await;
            scene.play(what, done).await
        }
        None => arrived(request, next, std::future::ready(())).await,
    };
    if answer.extensions().get::<Lost>().is_some() {
        connection.end(Ending::Reset).await;
    }
    if let Some(endpoint) = endpoint.filter(|_| !is_spoilt) {
        connection.when_answered(move || locked(&world).tell(named(&path), Moment::Answered(endpoint)));
    }
    answer
}

/// The transaction that a path names.
fn named(path: &str) -> &str {
    path.strip_prefix("/api/v2/Smart/Transactions/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

/// Once a request has arrived, it is worked on to its end, even if that begins late and the client has gone by then.
async fn arrived(request: Request, next: Next, before: impl Future<Output = ()> + Send + 'static) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        // It broke off, and nobody is there to be answered.
        return StatusCode::BAD_REQUEST.into_response();
    };
    let work = tokio::spawn(async move {
        before.await;
        next.run(Request::from_parts(head, body.into())).await
    });
    work.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Where a fault happens.
struct Scene {
    connection: Connection,
    door: Door,
    path: String,
    world: Shared,
    endpoint: Option<Endpoint>,
}

impl Scene {
    /// Makes the answer go wrong.
    async fn play(&self, what: What, done: Response) -> Response {
        let (mut head, body) = done.into_parts();
        head.headers.remove(header::CONTENT_LENGTH);
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let with = |body: Body| Response::from_parts(head.clone(), body);
        if let Some(endpoint) = self.endpoint.filter(|_| !what.only_takes_time()) {
            locked(&self.world).tell(named(&self.path), Moment::Spoilt(endpoint));
        }
        match what {
            What::Reset => self.connection.end(Ending::Reset).await,
            What::Close | What::CloseReused => self.connection.end(Ending::Close).await,
            What::Crash(ms) => {
                let _ = self.door.shut(Shutting::Crash, Duration::from_millis(ms)).await;
                std::future::pending().await
            }
            What::Silence => std::future::pending().await,
            What::Truncate => self.half(with(Body::empty()), body, Ending::Close),
            What::ResetInAnswer => self.half(with(Body::empty()), body, Ending::Reset),
            What::Cut { after, ending } => {
                self.connection.end_after(after, ending);
                with(body.into())
            }
            What::Delay(_) | What::RefuseConnections(_) | What::HoldConnections(_) => {
                self.hold_up(&what).await;
                with(body.into())
            }
            What::Drip(ms) => with(drip(body, Duration::from_millis(ms))),
            What::Answer { status: number, body } => self.instead(number, body),
            What::ApiError { status, code, text } => Refusal::scripted(status, code, text).into_response(),
            What::Indiscreet(200) => with(replaced(&body, "/status", self.all_secrets().into()).to_string().into()),
            What::Indiscreet(number) => self.instead(number, self.indiscreet_error()),
            What::Replace { pointer, value } => with(replaced(&body, &pointer, value).to_string().into()),
            What::Huge(bytes) => with(vec![b' '; bytes].into()),
            What::Deep(levels) => with(("[".repeat(levels) + &"]".repeat(levels)).into()),
            What::Lines(count) => {
                let spaces = Value::Array(vec![json!({"type": "space"}); count]);
                let body = replaced(&body, "/receipt_merchant", json!([])).to_string();
                with(replaced(body.as_bytes(), "/receipt", spaces).to_string().into())
            }
        }
    }

    /// The faults that only take time.
    async fn hold_up(&self, what: &What) {
        match *what {
            What::Delay(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            What::RefuseConnections(ms) => drop(self.door.shut(Shutting::Refuse, Duration::from_millis(ms)).await),
            What::HoldConnections(ms) => drop(self.door.shut(Shutting::Hold, Duration::from_millis(ms)).await),
            _ => {}
        }
    }

    /// Says how long the body is, sends half of it, and ends.
    fn half(&self, mut answer: Response, body: Bytes, ending: Ending) -> Response {
        let connection = self.connection.clone();
        let half = body.slice(..body.len() / 2);
        let parts = stream::unfold(Some(half), move |half| {
            let connection = connection.clone();
            async move {
                match half {
                    Some(half) => Some((Ok::<_, Infallible>(half), None)),
                    None => {
                        tokio::time::sleep(MOMENT).await;
                        connection.end(ending).await
                    }
                }
            }
        });
        *answer.body_mut() = Body::from_stream(parts);
        answer.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
        answer
    }

    /// All that nobody but the server and the till should know.
    fn all_secrets(&self) -> String {
        let secrets = locked(&self.world).logins.secrets();
        // Account numbers also as people write them: in groups of four.
        let in_groups = ACCOUNT_NUMBERS.iter().map(|number| {
            let characters: Vec<char> = number.chars().collect();
            characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
        });
        let numbers = ACCOUNT_NUMBERS.iter().map(|number| (*number).to_owned()).chain(in_groups);
        secrets.into_iter().chain(numbers).collect::<Vec<_>>().join("; ")
    }

    fn indiscreet_error(&self) -> String {
        let all = self.all_secrets();
        let body = match self.endpoint {
            Some(Endpoint::Token) => json!({"error": all, "error_description": all}),
            _ => json!({"status": "error", "error": all, "error_details": all, "error_user": all, "code": all,
                "supportId": all}),
        };
        body.to_string()
    }

    /// Another answer, as something between the till and the API would give it.
    fn instead(&self, number: u16, body: String) -> Response {
        let kind = if body.starts_with('<') { "text/html; charset=UTF-8" } else { "application/json; charset=UTF-8" };
        let mut answer = (status(number), [(header::CONTENT_TYPE, kind)], body).into_response();
        if answer.status().is_redirection()
            && let Ok(place) = HeaderValue::from_str(&self.path)
        {
            answer.headers_mut().insert(header::LOCATION, place);
        }
        answer
    }
}

/// Byte by byte.
fn drip(body: Bytes, pause: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |rest| async move {
        tokio::time::sleep(pause).await;
        (!rest.is_empty()).then(|| (Ok::<_, Infallible>(rest.slice(..1)), rest.slice(1..)))
    }))
}

fn replaced(body: &[u8], pointer: &str, value: Value) -> Value {
    let mut body: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(place) = body.pointer_mut(pointer) {
        *place = value;
    } else if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(fields) = body.pointer_mut(parent).and_then(Value::as_object_mut)
    {
        fields.insert(name.to_owned(), value);
    }
    body
}
