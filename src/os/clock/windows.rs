//! The clocks of Windows, since Windows 7.

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use windows_sys::Win32::Foundation::ERROR_SUCCESS;
use windows_sys::Win32::System::Registry::{
    HKEY, HKEY_LOCAL_MACHINE, KEY_QUERY_VALUE, KEY_WOW64_64KEY, REG_DWORD, REG_SZ, RegCloseKey, RegOpenKeyExW,
    RegQueryValueExW,
};
use windows_sys::Win32::System::SystemInformation::GetTickCount64;
use windows_sys::Win32::System::WindowsProgramming::QueryUnbiasedInterruptTime;

/// In the registry: the number of this start of the machine, which Windows counts.
const NUMBER_OF_THE_START: (&str, &str) =
    (r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters", "BootId");
/// And which machine it is.
const MACHINE: (&str, &str) = (r"SOFTWARE\Microsoft\Cryptography", "MachineGuid");

pub(super) fn awake() -> Duration {
    let mut tenths_of_microseconds = 0;
    // SAFETY: the number is this function's.
    unsafe { QueryUnbiasedInterruptTime(&mut tenths_of_microseconds) };
    Duration::from_micros(tenths_of_microseconds / 10)
}

pub(super) fn on() -> Duration {
    // It is told in steps of some milliseconds, the other one to the tick.
    // SAFETY: it asks for nothing.
    Duration::from_millis(unsafe { GetTickCount64() }).max(awake())
}

/// Where Windows does not count its starts, as under Wine, each process is one of its own: then till time goes on while the
/// till runs, and stands still between one process and the next.
pub(super) fn boot() -> Option<String> {
    static BOOT: OnceLock<String> = OnceLock::new();
    let ask = || number_of_the_start().unwrap_or_else(this_process);
    Some(BOOT.get_or_init(ask).clone())
}

/// The machine's own name goes with it: a copy of the state file on another machine was not there at its starts.
fn number_of_the_start() -> Option<String> {
    let number = value(NUMBER_OF_THE_START, REG_DWORD)?;
    let number = u32::from_le_bytes(number.try_into().ok()?);
    let letters: Vec<u16> =
        value(MACHINE, REG_SZ)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
    let machine = String::from_utf16(&letters).ok()?;
    Some(format!("{} {number}", machine.trim_end_matches('\0')))
}

fn this_process() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("process {} of {}", std::process::id(), now.as_nanos())
}

/// A value of the local machine's registry, of this kind and of at most 256 bytes.
fn value((key, name): (&str, &str), kind: u32) -> Option<Vec<u8>> {
    let wide = |text: &str| text.encode_utf16().chain([0]).collect::<Vec<u16>>();
    let (key, name) = (wide(key), wide(name));
    let mut opened: HKEY = std::ptr::null_mut();
    // A program of 32 bits would be shown another part of the registry.
    let rights = KEY_QUERY_VALUE | KEY_WOW64_64KEY;
    // SAFETY: the text ends with a NUL, and the handle is this function's.
    if unsafe { RegOpenKeyExW(HKEY_LOCAL_MACHINE, key.as_ptr(), 0, rights, &mut opened) } != ERROR_SUCCESS {
        return None;
    }
    let mut bytes = vec![0u8; 256];
    let (mut found, mut length) = (0, 256);
    // SAFETY: the key is open, the text ends with a NUL, and the buffer has the length that is given.
    let fault = unsafe {
        let fault =
            RegQueryValueExW(opened, name.as_ptr(), std::ptr::null(), &mut found, bytes.as_mut_ptr(), &mut length);
        RegCloseKey(opened);
        fault
    };
    bytes.truncate(length as usize);
    (fault == ERROR_SUCCESS && found == kind).then_some(bytes)
}
