//! A payment on the simulator: what the library adds to the requests, what a whole process costs, and what a till costs while
//! nobody pays.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::figures::{Figures, numbers};
use super::page::{Row, Table, Unit};
use super::peers::PYTHONPATH;
use crate::process::{Result, line, name, root};
use crate::transcript::Transcript;

const OURS: &str = "target/bench/payments/secupos";
const STATE_FILE: &str = "target/bench/till.db";

/// All one after the other, so often.
const TURNS: u32 = 15;
/// So many payments by one process in each turn.
const PAYMENTS: u32 = 20;

/// For so long an idle till is looked at.
const IDLE: Duration = Duration::from_secs(60);

pub fn measure(transcript: &mut Transcript) -> Result<Table> {
    let simulator = Simulator::start()?;
    transcript.run(&mut line("find target/bench -name till.db* -delete"))?;
    let ours = |payments: i32| {
        let Simulator { base_url, client_id, client_secret, device_code, .. } = &simulator;
        line(&format!("{OURS} {base_url} {client_id} {client_secret} {device_code} {STATE_FILE} {payments}"))
    };
    let python = || {
        let Simulator { base_url, client_id, client_secret, device_code, .. } = &simulator;
        let program = "python3 benches/payments/python_requests.py";
        let mut command = line(&format!("{program} {base_url} {client_id} {client_secret} {device_code}"));
        command.env("PYTHONPATH", root().join(PYTHONPATH));
        command
    };
    let token = simulator.token(transcript)?;
    let mut pay = Figures::of("secupos: `pay`, durable, login in hand");
    let mut curl = Figures::of("C with libcurl: create and start, nothing kept");
    let mut cold = Figures::of("secupos: a process, from its start to its end, with one payment");
    let mut requests = Figures::of("Python with requests: a process with the same, nothing kept");
    for _ in 0..TURNS {
        add(&mut pay, &transcript.output(&mut ours(PAYMENTS as i32))?)?;
        let program = format!("target/bench/payments/curl {} {token} {PAYMENTS}", simulator.base_url);
        add(&mut curl, &transcript.output(&mut line(&program))?)?;
        for _ in 0..3 {
            cold.add(lifetime(transcript, &mut ours(-1))?);
            requests.add(lifetime(transcript, &mut python())?);
        }
    }
    let added = pay.median() - curl.median();
    let mut rows: Vec<Row> = [pay, curl, cold, requests].map(Row::Measured).into();
    rows.push(Row::Counted("added by secupos to the two requests".into(), format!("{added:.2} ms")));
    rows.extend(idle(&mut ours(0))?);
    Ok(Table {
        title: "A payment, and a till that waits for one",
        about: "On the simulator of this repository, over HTTP on this machine, whose customer pays at once. secupos has \
            written the payment to the disk before the first byte of start, and its result before it is told: a sync costs \
            what the disk takes for it.",
        unit: Unit::Milliseconds,
        rows,
        compared: false,
    })
}

fn add(figures: &mut Figures, printed: &str) -> Result {
    numbers(printed)?.into_iter().for_each(|taken| figures.add(taken / 1e6));
    Ok(())
}

/// From its start to its end, in milliseconds. It must say that it has paid.
fn lifetime(transcript: &mut Transcript, command: &mut Command) -> Result<f64> {
    let since = Instant::now();
    let printed = transcript.output(command)?;
    let took = since.elapsed().as_secs_f64() * 1e3;
    if printed.starts_with("approved") { Ok(took) } else { Err(format!("{}: {printed}", name(command))) }
}

/// How often an open till wakes up, and how much memory it has.
fn idle(command: &mut Command) -> Result<[Row; 2]> {
    let mut till = Running(command.stdin(Stdio::piped()).spawn().map_err(|fault| format!("{OURS}: {fault}"))?);
    // Until it has looked back, which it does soon after it was opened.
    std::thread::sleep(Duration::from_secs(10));
    let before = switches(till.0.id())?;
    std::thread::sleep(IDLE);
    let woken = switches(till.0.id())? - before;
    let status = std::fs::read_to_string(format!("/proc/{}/status", till.0.id())).map_err(|fault| fault.to_string())?;
    let memory = field(&status, "VmRSS:").ok_or("no VmRSS")?;
    drop(till.0.stdin.take());
    Ok([
        Row::Counted(
            format!("wake-ups of an idle till in {} s, of all its threads", IDLE.as_secs()),
            woken.to_string(),
        ),
        Row::Counted(
            "its resident memory, with that of the program".into(),
            format!("{:.1} MB", memory as f64 / 1024.0),
        ),
    ])
}

/// How often the threads of a process have given up the processor of themselves.
fn switches(process: u32) -> Result<u64> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).map_err(|fault| fault.to_string())?;
    let of = |task: std::fs::DirEntry| {
        field(&std::fs::read_to_string(task.path().join("status")).ok()?, "voluntary_ctxt_switches:")
    };
    Ok(tasks.flatten().filter_map(of).sum())
}

fn field(status: &str, name: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse().ok())
}

/// The simulator, which ends with this.
struct Simulator {
    _process: Running,
    base_url: String,
    client_id: String,
    client_secret: String,
    device_code: String,
}

/// A process that is ended with this.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Simulator {
    fn start() -> Result<Simulator> {
        let mut command = line("target/proof/secupos simulate --think-ms 0");
        let failed = |fault| format!("the simulator: {fault}");
        let mut process = Running(command.stdout(Stdio::piped()).spawn().map_err(failed)?);
        let output = process.0.stdout.take().ok_or("the simulator has no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = |name: &str| -> Result<String> {
            for line in lines.by_ref() {
                if let Some(value) = line.map_err(failed)?.strip_prefix(name) {
                    return Ok(value.to_owned());
                }
            }
            Err(format!("the simulator does not say {name}"))
        };
        Ok(Simulator {
            base_url: said("base_url=")?,
            client_id: said("client_id=")?,
            client_secret: said("client_secret=")?,
            device_code: said("device_code=")?,
            _process: process,
        })
    }

    /// A login for those who keep none.
    fn token(&self, transcript: &mut Transcript) -> Result<String> {
        let Simulator { base_url, client_id, client_secret, device_code, .. } = self;
        let ask = "import json, sys, urllib.request as u; b, i, s, c = sys.argv[1:]; \
            d = json.dumps(dict(grant_type='device', client_id=i, client_secret=s, code=c)).encode(); \
            h = {'Content-Type': 'application/json'}; \
            print(json.load(u.urlopen(u.Request(b + '/oauth/token', d, h)))['access_token'])";
        let mut command = line("python3 -c");
        let told = transcript.output(command.args([ask, base_url, client_id, client_secret, device_code]))?;
        Ok(told.trim().to_owned())
    }
}
