//! Whom a till may meet on its way to the service: a server with a certificate or without one, and a proxy that opens
//! tunnels.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, CrlDistributionPoint, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;

/// Who signs certificates.
pub type Authority = CertifiedIssuer<'static, KeyPair>;

/// A new one.
pub fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// Where every certificate says that its revocation can be looked up: somebody who is there and never answers.
pub static NEVER_ANSWERS: LazyLock<TcpListener> = LazyLock::new(|| TcpListener::bind("127.0.0.1:0").expect("a port"));

/// A server that approves every payment, with a certificate for `name` that is good until `last_year`.
pub struct Server {
    pub base_url: String,
    pub requests: Arc<AtomicUsize>,
}

/// What a server proves with that it is `name`, until `last_year`.
pub fn proof(authority: &Authority, name: &str, last_year: i32) -> Arc<rustls::ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let silent = NEVER_ANSWERS.local_addr().expect("an address");
    params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![format!("http://{silent}/revoked.crl")] }];
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .expect("a server");
    Arc::new(tls)
}

/// Starts one.
pub fn serve(authority: &Authority, name: &str, last_year: i32) -> Server {
    let tls = proof(authority, name, last_year);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = requests.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (tls, seen) = (tls.clone(), seen.clone());
            std::thread::spawn(move || {
                let connection = rustls::ServerConnection::new(tls).expect("a connection");
                answer_all(rustls::StreamOwned::new(connection, stream), &|head| {
                    seen.fetch_add(1, Ordering::SeqCst);
                    (200, approve(head))
                });
            });
        }
    });
    Server { base_url, requests }
}

/// What a server says that approves every payment.
pub fn approve(head: &str) -> Vec<u8> {
    let status = if head.contains("/start/cashless") { "ok" } else { "created" };
    match head.contains("/oauth/token") {
        true => r#"{"access_token":"t","expires_in":1200}"#.into(),
        false => format!(r#"{{"id":"STX_1","status":"{status}","basket_info":{{"sum":1,"currency":"EUR"}}}}"#).into(),
    }
}

/// A server without TLS.
pub struct Plain {
    pub base_url: String,
    /// The heads of all requests, in lower case.
    pub heads: Arc<Mutex<Vec<String>>>,
}

/// Starts one that answers each head with a status and a body.
pub fn plain(answer: impl Fn(&str) -> (u16, Vec<u8>) + Send + Sync + 'static) -> Plain {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    let heads = Arc::new(Mutex::new(Vec::new()));
    let (kept, answer) = (heads.clone(), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (kept, answer) = (kept.clone(), answer.clone());
            std::thread::spawn(move || {
                answer_all(stream, &|head| {
                    kept.lock().expect("heads").push(head.to_owned());
                    answer(head)
                });
            });
        }
    });
    Plain { base_url, heads }
}

/// Answers the requests of one connection until it ends or is refused.
fn answer_all(mut stream: impl Read + Write, answer: &dyn Fn(&str) -> (u16, Vec<u8>)) {
    while let Some(head) = read_request(&mut stream) {
        let (status, body) = answer(&head);
        let head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all(&[head.as_bytes(), &body].concat()).is_err() {
            return;
        }
    }
}

/// The head of the next request, its body read too.
fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        (stream.read(&mut byte).ok()? == 1).then(|| head.push(byte[0]))?;
    }
    let head = String::from_utf8(head).ok()?.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
    stream.read_exact(&mut vec![0; length.parse().ok()?]).ok()?;
    Some(head)
}

/// Carries bytes both ways until either side ends. One that is cut carries no answer: what the client says after its hello
/// goes to the server, and then the tunnel ends.
fn carry(client: TcpStream, server: TcpStream, is_cut: bool) {
    let (mut from_client, mut to_client) = (client.try_clone().expect("a stream"), client);
    let (mut from_server, mut to_server) = (server.try_clone().expect("a stream"), server);
    let ends = Arc::new(AtomicBool::new(false));
    let hears = ends.clone();
    std::thread::spawn(move || {
        let mut chunk = [0; 16 * 1024];
        for count in 1.. {
            let Ok(length @ 1..) = from_client.read(&mut chunk) else { return };
            ends.store(is_cut && count > 1, Ordering::SeqCst);
            if to_server.write_all(&chunk[..length]).is_err() {
                return;
            }
        }
    });
    let mut chunk = [0; 16 * 1024];
    while let Ok(length @ 1..) = from_server.read(&mut chunk) {
        if hears.load(Ordering::SeqCst) || to_client.write_all(&chunk[..length]).is_err() {
            break;
        }
    }
    let _ = to_client.shutdown(Shutdown::Both);
}

/// An HTTP proxy that opens tunnels to whom the till wants, if it is given this login; it cuts the
/// `cut`th tunnel before the first answer.
pub struct Proxy {
    pub url: String,
    pub tunnels: Arc<AtomicUsize>,
}

/// Starts one.
pub fn proxy(login: &'static str, cut: usize) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://127.0.0.1:{}", listener.local_addr().expect("an address").port());
    let tunnels = Arc::new(AtomicUsize::new(0));
    let opened = tunnels.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let opened = opened.clone();
            std::thread::spawn(move || {
                let Some(head) = read_request(&mut stream) else { return };
                let may =
                    login.is_empty() || head.contains(&format!("proxy-authorization: basic {login}").to_lowercase());
                let host = head.strip_prefix("connect ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                if !may || host.is_empty() {
                    let _ =
                        stream.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                    return;
                }
                let number = opened.fetch_add(1, Ordering::SeqCst) + 1;
                let server = TcpStream::connect(host).expect("the server");
                stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").expect("written");
                carry(stream, server, number == cut);
            });
        }
    });
    Proxy { url, tunnels }
}
