//! TLS is verified always: a till pays where it can verify the server, and nowhere else.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::till::Till;
use secupos::till::config::Config;
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
    let mut config = Config::default();
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

#[test]
fn a_ca_file_without_a_certificate_is_refused() {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("no-ca.pem");
    for content in ["", "no PEM", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&file, content).expect("written");
        let error = Config::default().add_ca_file(&file).expect_err("refused");
        assert!(error.message().starts_with("ca_file "), "{error}");
    }
}
