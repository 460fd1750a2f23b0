//! TLS is verified always: a till pays where it can verify the server, and nowhere else.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::outcome::{Outcome, Reason};
use secupos::till::payment::Payment;
use secupos::till::sale::Sale;

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A server that approves every payment, with a certificate for `name` that is good until `last_year`.
struct Server {
    base_url: String,
    requests: Arc<AtomicUsize>,
}

fn serve(authority: &CertifiedIssuer<'static, KeyPair>, name: &str, last_year: i32) -> Server {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .expect("a server");
    let tls = Arc::new(tls);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base_url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    let requests = Arc::new(AtomicUsize::new(0));
    let seen = requests.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (tls, seen) = (tls.clone(), seen.clone());
            std::thread::spawn(move || answer_all(stream, tls, &seen));
        }
    });
    Server { base_url, requests }
}

/// Answers the requests of one connection until it ends or is refused.
fn answer_all(stream: TcpStream, tls: Arc<rustls::ServerConfig>, seen: &AtomicUsize) {
    let connection = rustls::ServerConnection::new(tls).expect("a connection");
    let mut stream = rustls::StreamOwned::new(connection, stream);
    while let Some(head) = read_request(&mut stream) {
        seen.fetch_add(1, Ordering::SeqCst);
        let status = if head.contains("/start/cashless") { "ok" } else { "created" };
        let body = match head.contains("/oauth/token") {
            true => r#"{"access_token":"t","expires_in":1200}"#.to_owned(),
            false => format!(r#"{{"id":"STX_1","status":"{status}","basket_info":{{"sum":1,"currency":"EUR"}}}}"#),
        };
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).is_err() {
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

fn pay(server: &Server, ca: Option<&CertifiedIssuer<'static, KeyPair>>) -> Arc<Payment> {
    pay_with(server, ca, |_| {})
}

fn pay_with(
    server: &Server,
    ca: Option<&CertifiedIssuer<'static, KeyPair>>,
    change: impl FnOnce(&mut Config),
) -> Arc<Payment> {
    let mut config = Config::default();
    change(&mut config);
    config.set_base_url(&server.base_url).expect("a base URL");
    config.set_client_credentials("id", "secret").expect("credentials");
    let number = server.base_url.rsplit(':').next().expect("a port");
    // A port may come again in another run, but not its state file.
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("tls-{number}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    config.set_state_file(&folder.join("till.db"), IfMissing::Create).expect("a state file");
    if let Some(ca) = ca {
        let file = folder.join("ca.pem");
        std::fs::write(&file, ca.pem()).expect("written");
        config.add_ca_file(&file).expect("a certificate");
    }
    let till = Till::open(&config).expect("a till");
    till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment")
}

#[test]
fn a_server_that_proves_who_it_is_is_paid_at() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    let payment = pay(&server, Some(&authority));
    assert_eq!(payment.outcome(), Outcome::Approved, "{:?}", payment.settled());
    assert_eq!(server.requests.load(Ordering::SeqCst), 3);
}

#[test]
fn a_server_that_cannot_is_told_nothing() {
    let (ours, theirs) = (authority(), authority());
    for (case, server, ca) in [
        ("an unknown authority", serve(&ours, "localhost", 2100), None),
        ("another authority", serve(&ours, "localhost", 2100), Some(&theirs)),
        ("another name", serve(&ours, "connect.secucard.com", 2100), Some(&ours)),
        ("an expired certificate", serve(&ours, "localhost", 2021), Some(&ours)),
    ] {
        let payment = pay(&server, ca);
        let result = payment.settled().expect("settled");
        assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::NoConnection)), "{case}");
        assert_eq!(result.error.as_ref().expect("why").status(), Status::Tls, "{case}: {:?}", result.error);
        assert_eq!(server.requests.load(Ordering::SeqCst), 0, "{case}");
    }
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
struct Proxy {
    url: String,
    tunnels: Arc<AtomicUsize>,
}

fn proxy(login: &'static str, cut: usize) -> Proxy {
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

#[test]
fn a_proxy_is_gone_through_only_if_the_till_says_so_and_tells_nobody_anything() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    // "user:hush" in base64.
    let proxy = proxy("dXNlcjpodXNo", 0);
    let payment = pay_with(&server, Some(&authority), |config| {
        config.set_proxy(&proxy.url, Some(("user", "hush"))).expect("set")
    });
    assert_eq!(payment.outcome(), Outcome::Approved, "{:?}", payment.settled());
    assert!(proxy.tunnels.load(Ordering::SeqCst) >= 2, "start has a tunnel of its own");

    let tunnels = proxy.tunnels.load(Ordering::SeqCst);
    let refused = pay_with(&server, Some(&authority), |config| config.set_proxy(&proxy.url, None).expect("set"));
    let result = refused.settled().expect("settled");
    assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::NoConnection)));
    assert_eq!(result.error.as_ref().expect("why").status(), Status::Proxy, "{:?}", result.error);
    assert_eq!(proxy.tunnels.load(Ordering::SeqCst), tunnels);
}

#[test]
fn a_proxy_that_is_not_there_means_that_nothing_was_started() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let payment = pay_with(&server, Some(&authority), |config| {
        config.set_proxy(&format!("http://{nobody}"), None).expect("set");
    });
    let result = payment.settled().expect("settled");
    assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::NoConnection)));
    assert_eq!(result.error.as_ref().expect("why").status(), Status::Proxy, "{:?}", result.error);
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn a_proxy_that_dies_with_the_start_inside_leaves_it_in_doubt() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    // The first tunnel carries login and create, the second one start.
    let proxy = proxy("", 2);
    let payment = pay_with(&server, Some(&authority), |config| {
        config.set_proxy(&proxy.url, None).expect("set");
        config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout");
    });
    let result = payment.settled().expect("settled");
    assert_eq!(result.outcome, Outcome::Unknown, "{result:?}");
}

#[test]
fn the_environment_is_not_asked_for_a_proxy() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    let proxy = proxy("", 0);
    // Another process: nobody may change the environment of one with threads.
    let status = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "a_server_that_proves_who_it_is_is_paid_at"])
        .envs(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"].map(|name| (name, &proxy.url)))
        .status();
    assert!(status.expect("it runs").success());
    assert_eq!((proxy.tunnels.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst)), (0, 0));
}

#[test]
fn a_ca_file_without_a_certificate_is_refused() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-ca.pem");
    for content in ["", "no PEM", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&file, content).expect("written");
        let error = Config::default().add_ca_file(&file).expect_err("refused");
        assert!(error.message().starts_with("ca_file "), "{error}");
    }
}
