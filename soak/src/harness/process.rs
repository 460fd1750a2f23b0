//! A till's process: begun, stopped, let run for a moment, killed.

use std::fs::OpenOptions;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, setpriority_process, waitpid};
use serde_json::Value;

use crate::run::Event;

/// A till's process. Dropping it kills it.
pub struct Process {
    child: Child,
    stdin: ChildStdin,
    pid: Pid,
    reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Begins it. What it says is sent to `events`; what it complains of goes to `complaints.txt` in its directory.
    pub fn begin(program: &Path, arguments: &[String], directory: &Path, events: Sender<Event>) -> io::Result<Process> {
        let complaints = OpenOptions::new().append(true).create(true).open(directory.join("complaints.txt"))?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()?;
        let pid = Pid::from_child(&child);
        // Behind the harness, so that it can be stopped in time on a busy machine. It may be gone already.
        let _ = setpriority_process(Some(pid), 19);
        let missing = || io::Error::other("a pipe is missing");
        let stdin = child.stdin.take().ok_or_else(missing)?;
        let stdout = child.stdout.take().ok_or_else(missing)?;
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Half a line is what a kill has left.
                if let Ok(line) = serde_json::from_str::<Value>(&line) {
                    let _ = events.send(Event::Said(line));
                }
            }
            let _ = events.send(Event::Gone);
        });
        Ok(Process { child, stdin, pid, reader: Some(reader) })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Answers it. It may be gone by then.
    pub fn answer(&mut self, answer: &str) {
        let _ = self.stdin.write_all(format!("{answer}\n").as_bytes());
    }

    /// Stops all its threads, and returns when they stand still. Whether they do: it may have ended.
    pub fn stop(&self) -> bool {
        kill_process(self.pid, Signal::STOP).is_ok()
            && matches!(waitpid(Some(self.pid), WaitOptions::UNTRACED), Ok(Some((_, status))) if status.stopped())
    }

    /// Lets a stopped one run on.
    pub fn go_on(&self) {
        let _ = kill_process(self.pid, Signal::CONT);
    }

    /// Lets a stopped one run for a moment.
    pub fn step(&self, moment: Duration) {
        self.go_on();
        // Sleeping takes much longer than asked for.
        let until = Instant::now() + moment;
        while Instant::now() < until {
            std::hint::spin_loop();
        }
        self.stop();
    }

    /// Kills it and returns when it is gone and all it has said has been sent.
    pub fn kill(mut self) {
        self.end();
    }

    /// Waits for its end; whether it ended well.
    pub fn wait(mut self) -> bool {
        let ended_well = self.child.wait().is_ok_and(|status| status.success());
        self.end();
        ended_well
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take() {
            let _ = reader.join();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
