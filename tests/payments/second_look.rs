//! What must not be sent any more when its connection stands is not sent: not one byte, and the till knows it.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use secupos::api::base_url::BaseUrl;
use secupos::api::http::{Http, Setup};
use secupos::api::proxy::Proxy;
use secupos::api::tls::certificates;
use secupos::api::transport::{Broken, Lane, Method, Request, Response, SecondLook, Transport};
use secupos::error::{Error, Status};

use crate::peers::{Authority, authority, proof, proxy, serve};

const WAIT: Duration = Duration::from_secs(10);
/// How long a server lets the client wait for TLS.
const HELD: Duration = Duration::from_millis(400);

fn http(base_url: &str, ca: Option<&Authority>, proxy: Option<&str>) -> Http {
    let setup = Setup {
        base_url: BaseUrl::parse(base_url).expect("a base URL"),
        connect_timeout: WAIT,
        extra_roots: ca.map(|ca| certificates(ca.pem().as_bytes()).expect("a certificate")).unwrap_or_default(),
        proxy: proxy.map(|url| Proxy::new(url, None).expect("a proxy")),
        user_agent_suffix: None,
    };
    Http::new(setup).expect("a transport")
}

fn start(look: SecondLook) -> Request {
    Request {
        method: Method::Post,
        path: "/start/cashless".into(),
        bearer: None,
        body: None,
        action: None,
        lane: Lane::Fresh,
        second_look: Some(look),
        timeout: WAIT,
    }
}

fn never() -> SecondLook {
    SecondLook::new(|| false)
}

/// Both ways to send.
fn sent(http: &Http, look: &SecondLook) -> [Result<Response, Broken>; 2] {
    let begun = http.begin(start(look.clone())).wait(WAIT).expect("in time");
    [http.exchange(&start(look.clone())), begun]
}

fn never_sent(came: Result<Response, Broken>) -> Error {
    match came {
        Err(Broken::NeverSent(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn too_late(came: Result<Response, Broken>) {
    let error = never_sent(came);
    assert_eq!(error.status(), Status::InvalidState, "{error}");
    assert!(error.message().ends_with("not sent"), "{error}");
}

/// Hands each connection to `take`, and tells how many bytes of a request came over it.
fn listen(take: impl Fn(TcpStream) -> usize + Send + 'static) -> (u16, Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (tell, told) = channel();
    std::thread::spawn(move || listener.incoming().flatten().try_for_each(|stream| tell.send(take(stream))));
    (port, told)
}

/// Everything that the other side says until it ends the connection, one way or the other.
fn bytes(stream: &mut impl Read) -> usize {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes.len()
}

/// A server whose TLS takes its time.
fn slow(authority: &Authority) -> (u16, Receiver<usize>) {
    let tls = proof(authority, "localhost", 2100);
    listen(move |stream| {
        std::thread::sleep(HELD);
        let connection = rustls::ServerConnection::new(tls.clone()).expect("a connection");
        bytes(&mut rustls::StreamOwned::new(connection, stream))
    })
}

#[test]
fn a_server_reads_nothing_of_what_must_not_be_sent() {
    let (port, told) = listen(|mut stream| bytes(&mut stream));
    for came in sent(&http(&format!("http://127.0.0.1:{port}"), None, None), &never()) {
        too_late(came);
        assert_eq!(told.recv_timeout(WAIT), Ok(0));
    }
}

#[test]
fn what_was_in_time_when_it_began_to_connect_is_looked_at_again_when_tls_stands() {
    let authority = authority();
    let (port, told) = slow(&authority);
    let http = http(&format!("https://localhost:{port}"), Some(&authority), None);
    let begun = Instant::now();
    let look = SecondLook::new(move || begun.elapsed() < HELD / 2);
    assert!(look.may_send());
    for came in sent(&http, &look) {
        too_late(came);
        assert_eq!(told.recv_timeout(WAIT), Ok(0));
    }
    // The control: the same server reads what may be sent, and gives no answer.
    let mut request = start(SecondLook::new(|| true));
    request.timeout = HELD * 2;
    assert!(matches!(http.exchange(&request), Err(Broken::MaybeSent(_))));
    assert!(told.recv_timeout(WAIT).is_ok_and(|bytes| bytes > 0));
}

#[test]
fn nothing_goes_through_a_proxys_tunnel_either() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    let proxy = proxy("", 0);
    let http = http(&server.base_url, Some(&authority), Some(&proxy.url));
    sent(&http, &never()).into_iter().for_each(too_late);
    assert_eq!((proxy.tunnels.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst)), (2, 0));
    for came in sent(&http, &SecondLook::new(|| true)) {
        assert_eq!(came.expect("an answer").status, 200);
    }
    assert_eq!((proxy.tunnels.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst)), (4, 2));
}

#[test]
fn where_no_connection_comes_to_stand_nothing_is_asked_and_the_reason_is_that() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let look = SecondLook::new(move || counted.fetch_add(1, Ordering::SeqCst) < usize::MAX);
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    for came in sent(&http(&server.base_url, None, None), &look) {
        assert_eq!(never_sent(came).status(), Status::Tls);
    }
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    for came in sent(&http(&format!("http://{nobody}"), None, None), &look) {
        assert_eq!(never_sent(came).status(), Status::Unreachable);
    }
    for came in sent(&http(&server.base_url, Some(&authority), Some(&format!("http://{nobody}"))), &look) {
        assert_eq!(never_sent(came).status(), Status::Proxy);
    }
    let (port, _told) = slow(&authority);
    let setup = Setup {
        base_url: BaseUrl::parse(&format!("https://localhost:{port}")).expect("a base URL"),
        connect_timeout: HELD / 2,
        extra_roots: Vec::new(),
        proxy: None,
        user_agent_suffix: None,
    };
    for came in sent(&Http::new(setup).expect("a transport"), &look) {
        assert_eq!(never_sent(came).status(), Status::Timeout);
    }
    assert_eq!((asked.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst)), (0, 0));
}
