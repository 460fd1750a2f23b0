//! One access token per session, and how a device comes to its own.

use std::time::Duration;

use secupos_simulator::{Options, Simulator};
use serde_json::json;

use crate::client::Client;
use crate::simulator;

/// The HTTP status and the code of what a read with this client's token gets.
fn refusal(client: &Client) -> (u16, i64) {
    let came = client.read("STX_NONE");
    (came.status(), came.json()["code"].as_i64().expect("a code"))
}

#[test]
fn a_new_token_kills_the_former_one_of_the_same_session_only() {
    let simulator = simulator();
    let first = Client::of(&simulator);
    let mut other = Client::without_token(&simulator);
    let vendor = other.ask_for_token(&simulator, json!({"grant_type": "client_credentials"})).json();
    other.token = vendor["access_token"].as_str().expect("a token").into();
    assert_eq!(refusal(&first), (404, 9004), "alive");
    let second = Client::of(&simulator);
    assert_eq!(refusal(&first), (403, 2003));
    assert_eq!(refusal(&second), (404, 9004));
    assert_eq!(refusal(&other), (404, 9004));
}

#[test]
fn two_tills_with_one_device_code_may_leave_each_other_alone() {
    let simulator = simulator();
    simulator.set(|settings| settings.tokens_kill_each_other = false);
    let mut first = Client::without_token(&simulator);
    let session = first.log_in(&simulator);
    first.token = session["access_token"].as_str().expect("a token").into();
    let second = Client::of(&simulator);
    let renewed = json!({"grant_type": "refresh_token", "refresh_token": session["refresh_token"]});
    let renewed = first.ask_for_token(&simulator, renewed).json();
    let third = Client { token: renewed["access_token"].as_str().expect("a token").into(), ..first.with("A", "b") };
    for client in [&first, &second, &third] {
        assert_eq!(refusal(client), (404, 9004), "alive");
    }
    simulator.kill_tokens();
    for client in [&first, &second, &third] {
        assert_eq!(refusal(client), (403, 2003));
    }
}

#[test]
fn a_dead_token_may_be_refused_with_401_everywhere() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.dead_token_status = 401);
    simulator.kill_tokens();
    let all = "/api/v2/Smart/Transactions";
    let posts = ["", "/STX_X/start/cashless", "/STX_X/abort", "/3/cancelTrx", "/me/EndOfDay", "/me/diagnosis"];
    for came in posts.map(|end| client.post(&format!("{all}{end}"), &json!({}))).into_iter().chain([client.read("X")]) {
        assert_eq!((came.status(), came.json()["code"].as_i64()), (401, Some(2003)));
    }
    assert_eq!(Client::of(&simulator).read("STX_X").status(), 404);
}

#[test]
fn each_device_is_the_source_of_its_own_payments() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let source = |client: &Client| {
        let id = client.create(2);
        let started = client.start(&id).json();
        assert_eq!(client.read(&id).json()["device_source"], started["device_source"]);
        started["device_source"]["id"].as_str().expect("an id").to_owned()
    };
    let own = source(&client);
    assert_eq!(source(&Client::of(&simulator)), own, "whoever logs in as this device");
    simulator.set(|settings| settings.confirmed_after_ms = Some(0));
    let registration = json!({"grant_type": "device", "uuid": "/vendor/unknown/cashier/2"});
    let device_code = client.ask_for_token(&simulator, registration).json()["device_code"].clone();
    let others = [(); 2].map(|()| {
        let mut other = Client::without_token(&simulator);
        let granted = other.ask_for_token(&simulator, json!({"grant_type": "device", "code": device_code})).json();
        other.token = granted["access_token"].as_str().expect("a token").into();
        source(&other)
    });
    assert!(others[0] == others[1] && others[0] != own, "{others:?}");
}

#[test]
fn no_token_is_401_and_a_dead_one_the_documented_403() {
    let simulator = simulator();
    assert_eq!(refusal(&Client::without_token(&simulator)), (401, 2003));
    let client = Client::of(&simulator);
    simulator.kill_tokens();
    let came = client.read("STX_NONE");
    assert!(came.head().starts_with("HTTP/1.1 403 ProductNotAllowedException\r\n"), "{}", came.head());
    let mut body = came.json();
    body["supportId"] = json!("f8e0173c15b92750819a91ac8d5cc878");
    let documented = json!({"status": "error", "error": "ProductNotAllowedException",
        "error_details": "Valid auth token required", "code": 2003, "supportId": "f8e0173c15b92750819a91ac8d5cc878",
        "error_user": "Es ist ein unbekannter Fehler aufgetreten (Code 2003)"});
    assert_eq!(body, documented);
    // An empty token is none, and not one that has been killed.
    let nobody = Client { token: " ".into(), ..Client::without_token(&simulator) };
    assert_eq!(refusal(&nobody), (401, 2003));
}

#[test]
fn a_token_expires() {
    let options = Options { token_lifetime: Duration::from_secs(1), ..Options::default() };
    let simulator = Simulator::start(options).expect("a simulator");
    let client = Client::of(&simulator);
    assert_eq!(refusal(&client), (404, 9004));
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(refusal(&client), (403, 2003));
}

#[test]
fn the_grants_answer_as_documented() {
    let simulator = simulator();
    let client = Client::without_token(&simulator);
    let vendor = client.ask_for_token(&simulator, json!({"grant_type": "client_credentials"})).json();
    assert!(vendor["scope"].is_string() && vendor.get("refresh_token").is_none(), "{vendor}");
    assert_eq!((&vendor["expires_in"], &vendor["token_type"]), (&json!(1200), &json!("bearer")));
    let device = client.log_in(&simulator);
    assert!(device["scope"].is_null(), "{device}");
    let refresh = json!({"grant_type": "refresh_token", "refresh_token": device["refresh_token"]});
    let mut newest = device["access_token"].clone();
    for _ in 0..2 {
        let refreshed = client.ask_for_token(&simulator, refresh.clone()).json();
        assert!(refreshed.get("refresh_token").is_none(), "the old one stays: {refreshed}");
        assert_ne!(refreshed["access_token"], newest);
        newest = refreshed["access_token"].clone();
    }
    for secret in
        [&newest, &device["refresh_token"], &json!(simulator.client_secret()), &json!(simulator.device_code())]
    {
        assert!(secret.as_str().is_some_and(|secret| secret.starts_with("canary-")), "{secret}");
    }
}

#[test]
fn a_form_is_taken_as_well_as_json() {
    let simulator = simulator();
    let client = Client::without_token(&simulator);
    let secret = simulator.client_secret().replace('-', "%2D");
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={secret}", simulator.client_id());
    let came = client.send("POST", "/oauth/token", "application/x-www-form-urlencoded", form.as_bytes());
    assert_eq!(came.status(), 200);
    assert!(came.json()["access_token"].is_string());
}

#[test]
fn what_the_token_endpoint_refuses_is_400_with_its_own_error_body() {
    let simulator = simulator();
    let client = Client::without_token(&simulator);
    let invalid_client = json!({"error": "invalid_client", "error_description": "The client credentials are invalid"});
    assert_eq!(client.ask_for_token(&simulator, json!({"client_secret": "wrong"})).json(), invalid_client);
    for (request, error) in [
        (json!({"client_id": ""}), "invalid_client"),
        (json!({}), "unsupported_grant_type"),
        (json!({"grant_type": "device"}), "invalid_request"),
        (json!({"grant_type": "device", "code": simulator.device_code(), "uuid": "/vendor/x"}), "invalid_request"),
        (json!({"grant_type": "device", "code": "nobody's"}), "invalid_grant"),
        (json!({"grant_type": "refresh_token"}), "invalid_grant"),
        (json!({"grant_type": "refresh_token", "refresh_token": "nobody's"}), "invalid_grant"),
    ] {
        let came = client.ask_for_token(&simulator, request.clone());
        assert_eq!((came.status(), came.json()["error"].as_str()), (400, Some(error)), "{request}");
    }
    assert_eq!(client.send("POST", "/oauth/token", "text/plain", b"?").json()["error"], "invalid_request");
}

#[test]
fn a_new_device_waits_until_a_person_confirms_it() {
    let simulator = simulator();
    let client = Client::without_token(&simulator);
    let registration = json!({"grant_type": "device", "uuid": "/vendor/unknown/cashier/1"});
    let registered = client.ask_for_token(&simulator, registration).json();
    assert_eq!((&registered["expires_in"], &registered["interval"]), (&json!(1200), &json!(5)));
    let user_code = registered["user_code"].as_str().expect("a code");
    assert_eq!(user_code.len(), 8);
    let log_in = json!({"grant_type": "device", "code": registered["device_code"]});
    let pending = client.ask_for_token(&simulator, log_in.clone());
    assert_eq!((pending.status(), pending.json()["error"].as_str()), (401, Some("authorization_pending")));
    assert!(!simulator.confirm_device("another"));
    assert!(simulator.confirm_device(user_code));
    assert!(client.ask_for_token(&simulator, log_in.clone()).json()["refresh_token"].is_string());
    assert_eq!(client.ask_for_token(&simulator, log_in).status(), 200, "and at each later start of the till");
}

#[test]
fn a_registration_that_nobody_confirms_expires() {
    let simulator = simulator();
    simulator.set(|settings| settings.registration_lifetime_s = 0);
    let client = Client::without_token(&simulator);
    let registered = client.ask_for_token(&simulator, json!({"grant_type": "device", "uuid": "/vendor/x"})).json();
    let log_in = json!({"grant_type": "device", "code": registered["device_code"]});
    let came = client.ask_for_token(&simulator, log_in);
    assert_eq!((came.status(), came.json()["error"].as_str()), (400, Some("invalid_grant")));
}
