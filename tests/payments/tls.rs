//! TLS is verified always: a till pays where it can verify the server, and nowhere else.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::handles::payment::Payment;
use secupos::till::sale::Sale;

use crate::peers::{Authority, NEVER_ANSWERS, Server, authority, proxy, serve};

fn pay(server: &Server, ca: Option<&Authority>) -> Arc<Payment> {
    pay_with(server, ca, |_| {})
}

fn pay_with(server: &Server, ca: Option<&Authority>, change: impl FnOnce(&mut Config)) -> Arc<Payment> {
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
    // Login, create, the list, start; and perhaps already the question for the receipts.
    let requests = server.requests.load(Ordering::SeqCst);
    assert!((4..=5).contains(&requests), "{requests}");
}

/// A system that asks whether a certificate has been revoked waits for the answer, inside the time for connecting.
#[test]
fn nobody_is_asked_whether_it_was_revoked() {
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    NEVER_ANSWERS.set_nonblocking(true).expect("set");
    assert_eq!(pay(&server, Some(&authority)).outcome(), Outcome::Approved);
    let asked = NEVER_ANSWERS.accept().expect_err("nobody has come");
    assert_eq!(asked.kind(), std::io::ErrorKind::WouldBlock);
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
        .args(["--exact", "tls::a_server_that_proves_who_it_is_is_paid_at"])
        .envs(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"].map(|name| (name, &proxy.url)))
        .status();
    assert!(status.expect("it runs").success());
    assert_eq!((proxy.tunnels.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst)), (0, 0));
}

#[test]
fn the_proxy_of_the_environment_is_gone_through_if_the_till_asks() {
    const CHILD: &str = "SECUPOS_TEST_ENVIRONMENT_NAMES_A_PROXY";
    if std::env::var_os(CHILD).is_none() {
        let proxy = proxy("dXNlcjpodXNo", 0);
        let status = std::process::Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "tls::the_proxy_of_the_environment_is_gone_through_if_the_till_asks"])
            .env("HTTPS_PROXY", proxy.url.replace("http://", "http://user:hush@"))
            .env(CHILD, "1")
            .env_remove("NO_PROXY")
            .env_remove("no_proxy")
            .status();
        assert!(status.expect("it runs").success());
        assert!(proxy.tunnels.load(Ordering::SeqCst) >= 2, "start has a tunnel of its own");
        return;
    }
    let authority = authority();
    let server = serve(&authority, "localhost", 2100);
    let payment = pay_with(&server, Some(&authority), |config| config.set_proxy("environment", None).expect("set"));
    assert_eq!(payment.settled().expect("settled").outcome, Outcome::Approved);
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
