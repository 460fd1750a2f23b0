//! Rows as a PDF file, for keeping: small, and read everywhere. It is not PDF/A, the form for long keeping, which asks
//! for fonts inside the file: this one uses Courier, which every reader brings.

use crate::receipt::code_page::CodePage;
use crate::receipt::layout::Row;
use crate::receipt::render::options::Options;
use crate::receipt::render::paper::Paper;
use crate::receipt::render::sheet::Sheet;
use crate::receipt::render::text;

const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// How high a row is, as a multiple of its type.
const ROW_HEIGHT: f64 = 1.2;
/// The blank strip above and below, in points.
const MARGIN: f64 = 12.0;
/// The longest page, that of A4, in points.
const LONGEST: f64 = 842.0;

/// Objects 1 to 5; from 6 on, a page and its content alternate.
const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R /Lang (de) >>";
const REGULAR: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>";
const BOLD: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding >>";
const INFO: &str = "<< /Title (Receipt) /Producer (secupos) /Subject (not PDF/A: the fonts are not in the file) >>";
const FIRST_PAGE: usize = 6;

pub(super) fn draw(sheet: &Sheet<'_>, options: &Options) -> Vec<u8> {
    let paper = Paper::of(options.columns);
    let page = Page {
        columns: options.columns,
        width: paper.width_mm * POINTS_PER_MM,
        left: (paper.width_mm - paper.printed_mm) / 2.0 * POINTS_PER_MM,
        size: paper.type_size_mm(options.columns) * POINTS_PER_MM,
    };
    let pages = paginate(sheet.rows(), page.rows_at_most());
    let ids = (0..pages.len()).map(|number| format!("{} 0 R", FIRST_PAGE + 2 * number)).collect::<Vec<_>>();
    let tree = format!("<< /Type /Pages /Kids [{}] /Count {} >>", ids.join(" "), ids.len());
    let mut file = File { bytes: b"%PDF-1.4\n%\xe4\xf6\xfc\xdf\n".to_vec(), starts: Vec::new() };
    for object in [CATALOG, &tree, REGULAR, BOLD, INFO] {
        file.push(object.as_bytes());
    }
    for rows in pages {
        let height = page.height(&rows);
        let content = page.content(&rows, height);
        file.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {:.2} {height:.2}] \
                 /Resources << /Font << /R 3 0 R /B 4 0 R >> >> /Contents {} 0 R >>",
                page.width,
                file.starts.len() + 2
            )
            .as_bytes(),
        );
        file.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()).as_bytes());
    }
    file.end()
}

/// Rows by pages. No page is higher than so many rows. A large headline takes two for each of its own.
fn paginate<'a>(rows: impl Iterator<Item = &'a Row<'a>>, most: usize) -> Vec<Vec<&'a Row<'a>>> {
    let (mut pages, mut page, mut height) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        if height + rows_high(row) > most {
            pages.push(std::mem::take(&mut page));
            height = 0;
        }
        page.push(row);
        height += rows_high(row);
    }
    pages.push(page);
    pages
}

fn rows_high(row: &Row<'_>) -> usize {
    match row {
        // Added, not matched: the optimiser may look at `large` before it looks which row this is, which is harmless, but
        // a jump on what is not there is an error to valgrind.
        Row::Headline { large, .. } => 1 + usize::from(*large),
        _ => 1,
    }
}

/// What all pages have in common, in points.
struct Page {
    columns: u16,
    width: f64,
    left: f64,
    size: f64,
}

impl Page {
    fn row_height(&self) -> f64 {
        self.size * ROW_HEIGHT
    }

    fn rows_at_most(&self) -> usize {
        // A positive number of at most a few hundred.
        ((LONGEST - 2.0 * MARGIN) / self.row_height()) as usize
    }

    fn height(&self, rows: &[&Row<'_>]) -> f64 {
        let rows: usize = rows.iter().map(|row| rows_high(row)).sum();
        rows as f64 * self.row_height() + 2.0 * MARGIN
    }

    fn content(&self, rows: &[&Row<'_>], height: f64) -> String {
        let mut content = String::from("BT\n");
        let mut top = height - MARGIN;
        for row in rows {
            top -= rows_high(row) as f64 * self.row_height();
            match row {
                Row::Empty => {}
                Row::Rule => {
                    let mut rule = String::new();
                    text::push_row(&mut rule, row, self.columns);
                    self.push_text(&mut content, &rule, 0.0, top, 1.0, false);
                }
                Row::Headline { text, large } => {
                    let scale = if *large { 2.0 } else { 1.0 };
                    let free = f64::from(self.columns) - text.chars().count() as f64 * scale;
                    self.push_text(&mut content, text, free / 2.0, top, scale, true);
                }
                Row::Cells(..) => {
                    for cell in row.cells() {
                        self.push_text(&mut content, &cell.text, cell.start as f64, top, 1.0, cell.bold);
                    }
                }
            }
        }
        content.push_str("ET\n");
        content
    }

    /// A text that begins at a column, on a row whose lower edge is at `bottom`.
    fn push_text(&self, content: &mut String, text: &str, column: f64, bottom: f64, scale: f64, bold: bool) {
        let (font, size) = (if bold { "B" } else { "R" }, self.size * scale);
        // Courier's characters are 0.6 of its size wide, and reach a quarter of it below the line they stand on.
        let (x, y) = (self.left + column * self.size * 0.6, bottom + size * 0.3);
        *content += &format!("/{font} {size:.3} Tf 1 0 0 1 {x:.2} {y:.2} Tm (");
        for byte in CodePage::Cp1252.encode(text) {
            match byte {
                b'(' | b')' | b'\\' => content.extend(['\\', char::from(byte)]),
                b' '..=b'~' => content.push(char::from(byte)),
                _ => *content += &format!("\\{byte:03o}"),
            }
        }
        content.push_str(") Tj\n");
    }
}

/// The file, and where in it each object begins.
struct File {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl File {
    fn push(&mut self, object: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend(format!("{} 0 obj\n", self.starts.len()).bytes());
        self.bytes.extend(object);
        self.bytes.extend(b"\nendobj\n");
    }

    fn end(mut self) -> Vec<u8> {
        let (table, count) = (self.bytes.len(), self.starts.len() + 1);
        let mut end = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for start in &self.starts {
            end += &format!("{start:010} 00000 n \n");
        }
        end += &format!("trailer\n<< /Size {count} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{table}\n%%EOF\n");
        self.bytes.extend(end.bytes());
        self.bytes
    }
}
