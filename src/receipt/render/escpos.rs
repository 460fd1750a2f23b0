//! Rows as bytes for a receipt printer. Only what every printer with this language understands: no images, no lines of
//! graphics, one code page per job.

use crate::receipt::code_page::CodePage;
use crate::receipt::layout::{Cell, Row};
use crate::receipt::render::options::{Cut, Options};
use crate::receipt::render::sheet::Sheet;
use crate::receipt::render::text;

/// `ESC @`: begin anew.
const INITIALISE: &[u8] = b"\x1b@";
/// `FS .`: a byte is a character; printers for China and Japan wake up taking two.
const ONE_BYTE_CHARACTERS: &[u8] = b"\x1c.";
/// `ESC R 0`: no country's letters in the place of brackets.
const PLAIN_ASCII: &[u8] = b"\x1bR\x00";
const CENTER: &[u8] = b"\x1ba\x01";
const LEFT: &[u8] = b"\x1ba\x00";
const BOLD: &[u8] = b"\x1bE\x01";
const NOT_BOLD: &[u8] = b"\x1bE\x00";
/// `GS ! 0x11`: twice as wide and twice as high.
const LARGE: &[u8] = b"\x1d!\x11";
const NOT_LARGE: &[u8] = b"\x1d!\x00";
/// `GS V 65 0` and `GS V 66 0`: to the knife, then cut.
const CUT: &[u8] = b"\x1dV\x41\x00";
const PARTIAL_CUT: &[u8] = b"\x1dV\x42\x00";

pub(super) fn draw(sheet: &Sheet<'_>, options: &Options, page: CodePage) -> Vec<u8> {
    let mut job = options.prefix.clone();
    for command in [INITIALISE, ONE_BYTE_CHARACTERS, PLAIN_ASCII, &[0x1b, b't', options.slot(page)]] {
        job.extend(command);
    }
    for row in sheet.rows() {
        push_row(&mut job, row, options.columns, page);
    }
    // `ESC d n` prints and feeds n lines.
    job.extend([0x1b, b'd', options.feed]);
    job.extend(match options.cut {
        Cut::None => &[],
        Cut::Partial => PARTIAL_CUT,
        Cut::Full => CUT,
    });
    job.extend(&options.suffix);
    job
}

fn push_row(job: &mut Vec<u8>, row: &Row<'_>, columns: u16, page: CodePage) {
    match row {
        Row::Headline { text, large } => {
            let (larger, usual) = if *large { (LARGE, NOT_LARGE) } else { (&[][..], &[][..]) };
            for bytes in [CENTER, BOLD, larger, &page.encode(text), b"\n", usual, NOT_BOLD, LEFT] {
                job.extend(bytes);
            }
        }
        Row::Cells(..) => {
            let mut at = 0;
            for Cell { start, text, bold, .. } in row.cells() {
                // A character of a page is a column wide.
                job.resize(job.len() + start.saturating_sub(at), b' ');
                at = start + text.chars().count();
                let (stronger, usual) = if *bold { (BOLD, NOT_BOLD) } else { (&[][..], &[][..]) };
                for bytes in [stronger, &page.encode(text), usual] {
                    job.extend(bytes);
                }
            }
            job.push(b'\n');
        }
        Row::Empty | Row::Rule => {
            let mut drawn = String::new();
            text::push_row(&mut drawn, row, columns);
            job.extend(page.encode(&drawn));
            job.push(b'\n');
        }
    }
}
