//! A till on the command line: a simulator, and a folder with a settings file for it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use secupos_simulator::{Options, Simulator};
use serde_json::Value;

pub struct Till {
    pub simulator: Simulator,
    pub folder: PathBuf,
}

impl Till {
    pub fn new(name: &str) -> Till {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let simulator = Simulator::start(Options::default()).expect("a simulator");
        let till = Till { simulator, folder };
        till.configure("");
        assert_eq!(code(&till.run("unfinished --create")), 0);
        till
    }

    /// Writes the settings, and more.
    pub fn configure(&self, more: &str) {
        let Till { simulator, folder } = self;
        let settings = format!(
            "base_url = {:?}\nclient_id = {:?}\nclient_secret = {:?}\ndevice_code = {:?}\nstate_file = \"till.db\"\n{more}",
            simulator.base_url(),
            simulator.client_id(),
            simulator.client_secret(),
            simulator.device_code()
        );
        std::fs::write(folder.join("till.toml"), settings).expect("a file");
    }

    pub fn command(&self, command: &str) -> Command {
        let mut process = Command::new(env!("CARGO_BIN_EXE_secupos"));
        process.args(command.split(' ')).arg("--config").arg(self.folder.join("till.toml"));
        process
    }

    pub fn run(&self, command: &str) -> Output {
        self.command(command).arg("--json").output().expect("a process")
    }
}

pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{output:?}"))
}

pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("{fault}: {output:?}"))
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}
