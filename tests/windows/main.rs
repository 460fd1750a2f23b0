//! What is Windows' own: long paths and umlauts, a file that another program holds, rights, and a till's files after it was
//! closed. On other systems there is nothing to test here.
#![cfg(windows)]
// The rights of a file are asked of the system itself.
#![allow(unsafe_code)]

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::windows::ffi::{OsStrExt, OsStringExt};
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::os::files::{self, Access};
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::config::Config;
use secupos::till::sale::Sale;
use secupos_simulator::{Options, Simulator};
use windows_sys::Win32::Foundation::LocalFree;
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{DACL_SECURITY_INFORMATION, GetFileSecurityW};

/// A folder of this test's, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("secupos-windows-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn config(simulator: &Simulator, state_file: &Path) -> Config {
    let mut config = Config::default();
    config.set_base_url(&simulator.base_url()).expect("a base URL");
    config.set_client_credentials(simulator.client_id(), simulator.client_secret()).expect("credentials");
    config.set_device_code(simulator.device_code()).expect("a device code");
    config.set_state_file(state_file, IfMissing::Create).expect("a state file");
    config
}

/// Opens a till with this state file, pays, closes it and opens it again.
fn pays(state_file: &Path) {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let config = config(&simulator, state_file);
    let till = Till::open(&config).expect("a till");
    let payment = till.pay(&Sale::new("r1", 102, "EUR").expect("a sale")).expect("begun");
    assert_eq!(payment.wait(None), Outcome::Approved);
    drop((till, payment));
    let again = opened_again(&config);
    assert_eq!(again.recover("r1", None).expect("known").wait(None), Outcome::Approved);
    assert_eq!(simulator.ledger().len(), 1);
}

/// A till lets go of its file a moment after it was dropped.
fn opened_again(config: &Config) -> Till {
    let since = Instant::now();
    loop {
        match Till::open(config) {
            Err(error) if error.status() == Status::StateFileLocked && since.elapsed() < Duration::from_secs(20) => {
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return other.expect("opened again"),
        }
    }
}

#[test]
fn a_till_pays_in_a_folder_with_umlauts() {
    let folder = folder("umlauts").join("Käse & Brötchen 東京");
    fs::create_dir(&folder).expect("a folder");
    pays(&folder.join("Kasse 1 – Grüße.db"));
}

#[test]
fn and_where_the_path_is_longer_than_windows_used_to_take() {
    let mut folder = folder("long");
    while folder.as_os_str().encode_wide().count() < 300 {
        folder.push("a folder with a rather long name of fifty letters");
        fs::create_dir(&folder).expect("a folder");
    }
    pays(&folder.join("till.db"));
}

#[test]
fn and_by_a_path_that_begins_at_the_folder_in_which_the_program_runs() {
    let folder = folder("relative");
    let here = std::env::current_dir().expect("a folder");
    // All of it, with as many steps back as there are forwards.
    let up: PathBuf = here.components().skip(2).map(|_| "..").collect();
    let below: PathBuf = folder.components().skip(2).collect();
    let drive = |path: &Path| path.components().next().map(|first| first.as_os_str().to_owned());
    if drive(&here) == drive(&folder) {
        pays(&up.join(below).join("till.db"));
    } else {
        pays(&folder.join(".").join("till.db"));
    }
}

#[test]
fn messages_show_paths_as_people_write_them() {
    let folder = folder("shown");
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let config = config(&simulator, &folder.join("till.db"));
    let till = Till::open(&config).expect("a till");
    let error = Till::open(&config).err().expect("it is locked");
    assert_eq!(error.status(), Status::StateFileLocked);
    assert!(error.message().contains("this process itself uses"), "{error}");
    assert!(!error.message().contains(r"\\?\"), "{error}");
    drop(till);
}

#[test]
fn a_file_that_another_program_holds_for_a_moment_is_waited_for() {
    let path = folder("held").join("file");
    fs::write(&path, "held").expect("written");
    let hold = || OpenOptions::new().read(true).share_mode(0).open(&path).expect("held");
    let lets_go = |held: File| {
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(300));
            drop(held);
        })
    };
    for attempt in [
        (|path| files::open_private(path, &Access::Owner).map(drop)) as fn(&Path) -> std::io::Result<()>,
        |path| files::open_to_read(path).map(drop),
        |path| files::rename(path, &path.with_extension("moved")),
    ] {
        let other = lets_go(hold());
        let since = Instant::now();
        attempt(&path).expect("waited for");
        assert!(since.elapsed() >= Duration::from_millis(200), "{:?}", since.elapsed());
        other.join().expect("let go");
    }
    let path = path.with_extension("moved");
    let other = lets_go(OpenOptions::new().read(true).share_mode(0).open(&path).expect("held"));
    files::remove(&path).expect("waited for");
    assert!(!path.exists());
    other.join().expect("let go");
}

#[test]
fn one_that_it_never_lets_go_is_told_with_its_cause() {
    let folder = folder("kept");
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let config = config(&simulator, &folder.join("till.db"));
    drop(Till::open(&config).expect("a till"));
    drop(opened_again(&config));
    let held = OpenOptions::new().read(true).share_mode(0).open(folder.join("till.db.head")).expect("held");
    let error = loop {
        match Till::open(&config).err().expect("it cannot be opened") {
            error if error.status() == Status::StateFileLocked => std::thread::sleep(Duration::from_millis(10)),
            error => break error,
        }
    };
    assert_eq!(error.status(), Status::JournalFailed);
    assert!(error.message().contains("a virus scanner or a backup"), "{error}");
    drop(held);
    drop(opened_again(&config));
}

/// What tools/wine gives: a disk of 16 MB, which is gone afterwards.
const SMALL_DISK: &str = r"Z:\small";

/// Takes all the room that is left on it.
fn fill(name: &str) {
    let mut file = File::create(Path::new(SMALL_DISK).join(name)).expect("created");
    for size in [1 << 16, 4096, 512, 1] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
}

#[test]
fn a_disk_that_fills_up_while_the_customer_pays_loses_no_payment_and_takes_no_other() {
    let simulator =
        Simulator::start(Options { think: Duration::from_secs(2), ..Options::default() }).expect("a simulator");
    // A run before this one may have left its files there.
    for left in fs::read_dir(SMALL_DISK).expect("the small disk") {
        fs::remove_file(left.expect("an entry").path()).expect("removed");
    }
    let till = Till::open(&config(&simulator, &Path::new(SMALL_DISK).join("till.db"))).expect("a till on a small disk");
    let starts = || simulator.requests().iter().filter(|request| request.path.ends_with("/start/cashless")).count();
    let sale = |reference| Sale::new(reference, 100, "EUR").expect("a sale");

    let payment = till.start_payment(&sale("r1")).expect("begun");
    while starts() == 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    fill("first");
    assert_eq!(payment.wait(None), Outcome::Approved);
    let settled = payment.settled().expect("settled");
    assert!(settled.reason.is_none() && !settled.customer_receipt.is_empty(), "the room was kept: {settled:?}");

    fill("second");
    match till.pay(&sale("r2")) {
        Ok(refused) => assert_eq!(refused.settled().expect("settled").reason, Some(Reason::JournalFailed)),
        Err(error) => assert_eq!(error.status(), Status::JournalFailed, "{error}"),
    }
    assert_eq!((starts(), simulator.ledger().len()), (1, 1));
    for name in ["first", "second"] {
        fs::remove_file(Path::new(SMALL_DISK).join(name)).expect("removed");
    }
    assert_eq!(till.pay(&sale("r3")).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!((starts(), simulator.ledger().len()), (2, 2));
}

#[test]
fn every_file_of_a_till_is_its_owners_alone() {
    let folder = folder("rights");
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let config = config(&simulator, &folder.join("till.db"));
    let till = Till::open(&config).expect("a till");
    let payment = till.pay(&Sale::new("r1", 102, "EUR").expect("a sale")).expect("begun");
    assert_eq!(payment.wait(None), Outcome::Approved);
    let mut seen = Vec::new();
    for entry in fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let rights = rights(&path);
        // Nothing from the folder, and nobody whose name is Everyone (WD), Users (BU) or Authenticated Users (AU).
        assert!(["WD", "BU", "AU", "IU"].iter().all(|who| !rights.contains(&format!(";{who})"))), "{path:?} {rights}");
        seen.push(path.file_name().expect("a name").to_string_lossy().into_owned());
    }
    seen.sort();
    assert_eq!(seen, ["till.db", "till.db-wal", "till.db.head", "till.db.lock", "till.db.reserve"]);
    // This is what the assertion above would find.
    let open_to_all = folder.join("other");
    fs::write(&open_to_all, "").expect("written");
    println!("a file that anybody makes here: {}", rights_of(&open_to_all));
}

#[test]
fn a_till_pays_whose_files_a_group_shares() {
    let folder = folder("shared");
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let mut config = config(&simulator, &folder.join("till.db"));
    // The users of the machine, by their identifier: they have another name in each language.
    config.set_state_group("S-1-5-32-545").expect("a group");
    let till = Till::open(&config).expect("a till");
    assert_eq!(
        till.pay(&Sale::new("r1", 102, "EUR").expect("a sale")).expect("a payment").outcome(),
        Outcome::Approved
    );
    drop(till);
    // Wine keeps of a file's rights what fits into a mode of Unix. What is asked of Windows is tested beside the code.
    drop(opened_again(&config));
}

#[test]
fn a_group_has_a_name_or_an_identifier() {
    let mut config = Config::default();
    for group in ["Users", "S-1-5-32-545", "S-1-5-21-1-2-3-1001"] {
        config.set_state_group(group).expect(group);
    }
    for group in ["no such group", "S-1-5-", "S-1-5-32-545)(A;;FA;;;WD"] {
        let refused = config.set_state_group(group).expect_err(group);
        assert_eq!(refused.status(), Status::InvalidArgument, "{refused}");
    }
}

fn rights(path: &Path) -> String {
    let rights = rights_of(path);
    println!("{}: {rights}", path.display());
    rights
}

/// Who may do what to a file, in the system's own words.
fn rights_of(path: &Path) -> String {
    let wide: Vec<u16> = path.as_os_str().encode_wide().chain([0]).collect();
    let mut descriptor = vec![0u64; 512];
    let mut text = std::ptr::null_mut();
    let mut length = 0;
    // SAFETY: the path ends with a NUL, and the buffer has the length that is given.
    unsafe {
        let size = u32::try_from(descriptor.len() * 8).expect("small");
        let got = GetFileSecurityW(
            wide.as_ptr(),
            DACL_SECURITY_INFORMATION,
            descriptor.as_mut_ptr().cast(),
            size,
            &mut length,
        );
        assert_ne!(got, 0, "{}", std::io::Error::last_os_error());
        let told = ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor.as_mut_ptr().cast(),
            SDDL_REVISION_1,
            DACL_SECURITY_INFORMATION,
            &mut text,
            &mut length,
        );
        assert_ne!(told, 0, "{}", std::io::Error::last_os_error());
        let letters = std::slice::from_raw_parts(text, length as usize);
        let told = OsString::from_wide(letters).to_string_lossy().trim_end_matches('\0').to_owned();
        LocalFree(text.cast());
        told
    }
}
