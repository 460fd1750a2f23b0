//! Rows as a section of HTML that can stand in a page or alone: the words of the text output between tags, so that a
//! screen reader hears headlines, names and their values. No script, nothing from elsewhere. On screen it is as large
//! as the page's own text; in print it fills paper of 58 or 80 mm.

use crate::error::Language;
use crate::receipt::copy::ReceiptCopy;
use crate::receipt::layout::{Block, Cell, Role, Row};
use crate::receipt::line::LineKind;
use crate::receipt::render::options::Options;
use crate::receipt::render::paper::Paper;
use crate::receipt::render::sheet::Sheet;
use crate::receipt::render::text::push_spaces;

/// How high a row is, as a multiple of its type.
const ROW_HEIGHT: f64 = 1.2;
/// The blank strip above and below, in millimetres.
const MARGIN: f64 = 4.0;
/// The longest page, in millimetres; a longer receipt takes several.
const LONGEST: f64 = 2000.0;

pub(super) fn draw(sheet: &Sheet<'_>, options: &Options, copy: ReceiptCopy) -> String {
    let german = options.language == Language::German;
    let name = match copy {
        ReceiptCopy::Customer if german => "Kundenbeleg",
        ReceiptCopy::Customer => "Customer receipt",
        ReceiptCopy::Merchant if german => "Händlerbeleg",
        ReceiptCopy::Merchant => "Merchant receipt",
    };
    // How many rows high it is; a large headline takes two for each of its own.
    let height: usize = sheet.rows().map(|row| if is_large(row) { 2 } else { 1 }).sum();
    // Several receipts may stand in one page, each with its own size of paper.
    let class = format!("secupos-{}x{height}", options.columns);
    // The terminals speak German, whatever the till does.
    let mut html = format!("<section class=\"secupos-receipt {class}\" lang=\"de\" aria-label=\"{name}\">\n");
    html.push_str(&style(&class, options.columns, height));
    let ours = if german { "<p>" } else { "<p lang=\"en\">" };
    for (blocks, paragraph) in [(&sheet.above, ours), (&sheet.body, "<p>"), (&sheet.below, ours)] {
        let mut blocks = blocks.iter().peekable();
        while let Some(block) = blocks.next() {
            match block.kind {
                _ if block.rows == [Row::Empty] => html.push_str(SPACE),
                LineKind::NameValue => {
                    html.push_str("<dl>\n");
                    push_pair(&mut html, &block.rows);
                    while let Some(next) = blocks.next_if(|next| is_pair(next)) {
                        push_pair(&mut html, &next.rows);
                    }
                    html.push_str("</dl>\n");
                }
                LineKind::Separator => push_separator(&mut html, &block.rows),
                LineKind::Text | LineKind::Space | LineKind::Unknown => {
                    html.push_str(paragraph);
                    push_cells(&mut html, &block.rows, Role::Text);
                    html.push_str("</p>\n");
                }
            }
        }
    }
    html.push_str("</section>\n");
    html
}

/// An empty row.
const SPACE: &str = "<div></div>\n";

fn is_pair(block: &Block<'_>) -> bool {
    block.kind == LineKind::NameValue && block.rows != [Row::Empty]
}

fn is_large(row: &Row<'_>) -> bool {
    matches!(row, Row::Headline { large: true, .. })
}

fn style(class: &str, columns: u16, height: usize) -> String {
    let paper = Paper::of(columns);
    let size = paper.type_size_mm(columns);
    // A little longer than what is printed, so that rounding does not begin another page.
    let length = (height as f64 * size * ROW_HEIGHT + 2.0 * MARGIN + 1.0).min(LONGEST);
    let side = (paper.width_mm - paper.printed_mm) / 2.0;
    format!(
        "<style>\n\
         .{class}{{width:{columns}ch;direction:ltr;page:{class};font:1rem/{ROW_HEIGHT} \"Courier New\",\"Liberation Mono\",\
         \"DejaVu Sans Mono\",monospace}}\n\
         .{class} :is(h2,p,dl,dt,dd){{margin:0;padding:0;font:inherit;white-space:pre;unicode-bidi:isolate}}\n\
         .{class} :is(dt,dd){{display:inline}}\n\
         .{class} :is(h2,strong){{font-weight:bold}}\n\
         .{class} h2{{text-align:center}}\n\
         .{class} h2.large{{font-size:2em}}\n\
         .{class} dl{{white-space:normal}}\n\
         .{class} dl>div{{white-space:pre}}\n\
         .{class}>div{{height:{ROW_HEIGHT}em}}\n\
         .{class} hr{{box-sizing:border-box;height:.6em;margin:0 0 .6em;border:0;border-bottom:1px dashed}}\n\
         @page {class}{{size:{}mm {length:.1}mm;margin:{MARGIN}mm {side}mm}}\n\
         @media print{{.{class}{{font-size:{size:.3}mm}}}}\n\
         </style>\n",
        paper.width_mm
    )
}

fn push_separator(html: &mut String, rows: &[Row<'_>]) {
    let mut words = rows.iter().filter_map(|row| match row {
        Row::Headline { text, .. } => Some(text),
        _ => None,
    });
    let Some(first) = words.next() else {
        html.push_str("<hr>\n");
        return;
    };
    if rows.first() == Some(&Row::Empty) {
        html.push_str(SPACE);
    }
    html.push_str(if rows.iter().any(is_large) { "<h2 class=\"large\">" } else { "<h2>" });
    push_escaped(html, first);
    for text in words {
        html.push('\n');
        push_escaped(html, text);
    }
    html.push_str("</h2>\n");
    html.push_str(SPACE);
}

/// A name and its value, with the spaces between them that put the value in its place.
fn push_pair(html: &mut String, rows: &[Row<'_>]) {
    html.push_str("<div><dt>");
    push_cells(html, rows, Role::Name);
    html.push_str("</dt>");
    let first = rows.iter().enumerate().find_map(|(number, row)| match row {
        Row::Cells(name, Some(value)) => Some((number, Some(name), value)),
        Row::Cells(cell, None) if cell.role == Role::Value => Some((number, None, cell)),
        _ => None,
    });
    if let Some((number, name, value)) = first {
        match name {
            Some(name) => push_spaces(html, value.start.saturating_sub(name.start + name.width)),
            None => {
                html.push_str(if number == 0 { "" } else { "\n" });
                push_spaces(html, value.start);
            }
        }
    }
    html.push_str("<dd>");
    push_cells(html, rows, Role::Value);
    html.push_str("</dd></div>\n");
}

/// The texts of one role, below each other. The first begins where the tag does; the others have the spaces before
/// them that put them in their place.
fn push_cells(html: &mut String, rows: &[Row<'_>], role: Role) {
    let cells: Vec<&Cell<'_>> = rows.iter().filter_map(|row| row.cells().find(|cell| cell.role == role)).collect();
    let strong = cells.first().is_some_and(|cell| cell.bold);
    html.push_str(if strong { "<strong>" } else { "" });
    for (number, cell) in cells.iter().enumerate() {
        html.push_str(if number == 0 { "" } else { "\n" });
        if number > 0 || role == Role::Text {
            push_spaces(html, cell.start);
        }
        push_escaped(html, &cell.text);
    }
    html.push_str(if strong { "</strong>" } else { "" });
}

fn push_escaped(html: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(character),
        }
    }
}
