//! What a request says of itself, over real HTTP.

use std::collections::HashSet;
use std::time::Duration;

use secupos::api::action::ActionId;
use secupos::api::base_url::BaseUrl;
use secupos::api::endpoints::Api;
use secupos::api::http::{Http, Setup};
use secupos::api::oauth::Credentials;
use secupos::api::secret::Secret;
use secupos::api::transaction::{BasketInfo, NewTransaction, TransactionId};
use secupos::api::transport::SecondLook;
use secupos::log::Log;

use crate::peers::{Plain, approve, plain};

const WAIT: Duration = Duration::from_secs(10);

fn api(server: &Plain) -> Api {
    let setup = Setup {
        base_url: BaseUrl::parse(&server.base_url).expect("a base URL"),
        connect_timeout: WAIT,
        extra_roots: Vec::new(),
        proxy: None,
        user_agent_suffix: None,
    };
    Api::new(Box::new(Http::new(setup).expect("a transport")), Log::default(), WAIT, WAIT, WAIT)
}

fn always() -> SecondLook {
    SecondLook::new(|| true)
}

#[test]
fn what_does_something_is_named_and_nothing_is_packed() {
    let server = plain(|head| (200, approve(head)));
    let (api, token, id) = (api(&server), Secret::new("t"), TransactionId::parse("STX_1").expect("an id"));
    let [create, start, reverse, day, diagnosis] = [(); 5].map(|()| ActionId::draw());
    let credentials = Credentials { client_id: "id".into(), client_secret: Secret::new("secret"), device_code: None };
    let basket_info = BasketInfo { sum: 1, gratuity: None, currency: "EUR" };
    let sale = NewTransaction { intent: "sale", basket: None, basket_info, merchant_ref: "r1", transaction_ref: None };
    api.log_in(&credentials).expect("a token");
    api.create(&token, &create, &sale).expect("created");
    api.begin_start(&token, &start, &id, always()).wait(WAIT).expect("in time").expect("started");
    api.read(&token, &id, WAIT).expect("read");
    api.newest(&token, 20).expect("listed");
    api.abort(&token, &id).expect("aborted");
    api.reverse(&token, &reverse, 3, always()).expect("reversed");
    api.end_of_day(&token, &day, always()).expect("run");
    api.diagnosis(&token, &diagnosis, always()).expect("run");

    let heads = server.heads.lock().expect("heads").clone();
    let named = [None, Some(&create), Some(&start), None, None, None, Some(&reverse), Some(&day), Some(&diagnosis)];
    assert_eq!(heads.len(), named.len());
    for (head, action) in heads.iter().zip(named) {
        let said = head.lines().find_map(|line| line.strip_prefix("x-action: "));
        assert_eq!(said, action.map(ActionId::as_str), "{head}");
        assert!(head.contains("\r\naccept-encoding: identity\r\n"), "{head}");
    }
    assert!(heads[4].starts_with("get /api/v2/smart/transactions?count=20&offset=0&sort=created:desc http/1.1\r\n"));
    assert_eq!(named.iter().flatten().map(|action| action.as_str()).collect::<HashSet<_>>().len(), 5);
}

/// A customer thinks for minutes, and a router forgets a connection that is silent for so long.
#[cfg(target_os = "linux")]
#[test]
fn the_silent_connection_of_a_start_is_kept_alive() {
    let server = plain(|head| {
        std::thread::sleep(Duration::from_secs(1));
        (200, approve(head))
    });
    let (api, id) = (api(&server), TransactionId::parse("STX_1").expect("an id"));
    let mut flight = api.begin_start(&Secret::new("t"), &ActionId::draw(), &id, always());
    assert!(flight.wait(Duration::from_millis(500)).is_none());
    let port: u16 = server.base_url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel's connections");
    // Local and remote address, state, queues, and which timer runs for how many hundredths of a second. Another server may
    // have had the port a moment ago: what is closed of its connections is not established any more.
    let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let mut ours = rows.filter(|row| row.len() > 5 && row[3] == "01" && row[2].ends_with(&format!(":{port:04X}")));
    let timer = ours.next().map(|row| row[5].to_owned()).expect("the connection of start");
    let (kind, left) = timer.split_once(':').expect("a timer");
    let left = u32::from_str_radix(left, 16).expect("hundredths");
    assert!(kind == "02" && (1800..=2000).contains(&left), "{timer}");
    flight.wait(WAIT).expect("in time").expect("started");
}
