//! Notes each request, and makes it go wrong where a fault waits for it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};

use crate::http::answer::{Lost, response, status, with_headers};
use crate::http::api::{action, named};
use crate::http::connection::{Connection, Shutting};
use crate::http::fault::{Ending, Fault, What, When};
use crate::http::running::{RequestSeen, Running};
use crate::model::answer::Refusal;
use crate::model::endpoint::Endpoint;
use crate::model::receipts::ACCOUNT_NUMBERS;
use crate::model::step::Moment;

/// Time for what was begun to get to where it is going.
const MOMENT: Duration = Duration::from_millis(20);

pub(crate) async fn watch(
    State(running): State<Arc<Running>>,
    Extension(connection): Extension<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if path.starts_with("/_control/") {
        // Not each of these looks at a body, and a connection that is closed before all of it has come loses the answer.
        return arrived(request, next, std::future::ready(())).await;
    }
    let endpoint = Endpoint::of(method.as_str(), &path);
    let fault = running.act(|state, _| {
        state.remembers(seen(&request, state.model.unix_ms(), connection.number));
        if let Some(endpoint) = endpoint {
            state.tell(named(&path), Moment::Arrived(endpoint));
        }
        endpoint.and_then(|endpoint| state.take_fault(endpoint))
    });
    let is_reused = connection.counts_request() > 1;
    let fault = fault.filter(|fault| is_reused || fault.what != What::CloseReused);
    let is_spoilt = fault.as_ref().is_some_and(|fault| !fault.what.only_takes_time());
    let scene = Scene { connection: connection.clone(), path: path.clone(), running: running.clone(), endpoint };
    let answer = match fault {
        Some(Fault { when: When::Before, what, .. }) if !what.only_takes_time() => {
            scene.play(what, with_headers(200, "{}")).await
        }
        Some(Fault { when: When::Before, what, .. }) => {
            arrived(request, next, async move { scene.hold_up(&what).await }).await
        }
        Some(Fault { when: When::During, what, .. }) if !what.changes_an_answer() => {
            let running = tokio::spawn(arrived(request, next, std::future::ready(())));
            tokio::time::sleep(MOMENT).await;
            drop(running);
            scene.play(what, with_headers(200, "{}")).await
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
        connection.when_answered(move || running.act(|state, _| state.tell(named(&path), Moment::Answered(endpoint))));
    }
    answer
}

/// What is noted of a request.
fn seen(request: &Request, time_ms: u64, connection: u64) -> RequestSeen {
    let headers = request.headers();
    let accept_encoding = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    RequestSeen {
        time_ms,
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        connection,
        bearer: headers.contains_key(header::AUTHORIZATION),
        action: action(headers),
        accept_encoding: accept_encoding.map(str::to_owned),
    }
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
    path: String,
    running: Arc<Running>,
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
            self.running.act(|state, _| state.tell(named(&self.path), Moment::Spoilt(endpoint)));
        }
        match what {
            What::Reset => self.connection.end(Ending::Reset).await,
            What::Close | What::CloseReused => self.connection.end(Ending::Close).await,
            What::Crash(ms) => {
                let _ = self.running.door.shut(Shutting::Crash, Duration::from_millis(ms)).await;
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
            What::ApiError { status, code, text } => {
                let refusal = Refusal::scripted(status, code, text);
                response(&self.running.act(|state, _| state.model.refuse(refusal)))
            }
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
            What::RefuseConnections(ms) => {
                drop(self.running.door.shut(Shutting::Refuse, Duration::from_millis(ms)).await)
            }
            What::HoldConnections(ms) => drop(self.running.door.shut(Shutting::Hold, Duration::from_millis(ms)).await),
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
        let secrets = self.running.act(|state, _| state.model.secrets());
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
