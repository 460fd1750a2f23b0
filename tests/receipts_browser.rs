//! HTML receipts in a real browser, headless: each row where the text has it, one page of paper of the right size, and
//! nothing serious for axe, which checks pages for people who do not see them. `cargo xtask prove --only browser` brings both.

use std::path::{Path, PathBuf};
use std::process::Command;

use secupos::receipt::{Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A browser of its own for each test, which leaves the network alone.
fn chromium(name: &str, arguments: &[&str], page: &Path) -> String {
    let mut chromium = Command::new("chromium");
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
    chromium.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
    chromium.arg(format!("--user-data-dir={}", directory(name).join("chromium").display())).args(arguments);
    let output = chromium
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium; cargo xtask prove --only browser");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

/// A page of the till's own around the sections, with a script at its end.
fn page(name: &str, sections: &str, script: &str) -> PathBuf {
    let file = directory(name).join("page.html");
    let page = format!(
        "<!doctype html><html lang=\"de\"><head><meta charset=\"utf-8\"><title>Belege</title></head>\
         <body><main><h1>Belege</h1>{sections}</main><script>{script}</script></body></html>"
    );
    std::fs::write(&file, page).expect("written");
    file
}

fn fixture(name: &str, copy: ReceiptCopy) -> Receipt {
    let json = std::fs::read(format!("{ROOT}/tests/fixtures/{name}.json")).expect("a fixture");
    Receipt::parse(&json, copy).expect("a receipt")
}

fn rendered(receipt: &Receipt, format: Format, columns: u16) -> String {
    let mut options = Options::new(format);
    options.set_columns(columns).expect("columns");
    options.set_duplicate(Some(1_614_250_800_000)).expect("a time");
    String::from_utf8(receipt.render(&options).expect("rendered")).expect("UTF-8")
}

const FIXTURES: [(&str, ReceiptCopy); 6] = [
    ("payment-elv-ok", ReceiptCopy::Customer),
    ("payment-elv-ok", ReceiptCopy::Merchant),
    ("end-of-day", ReceiptCopy::Merchant),
    ("diagnosis", ReceiptCopy::Merchant),
    ("several-receipts", ReceiptCopy::Customer),
    ("every-line", ReceiptCopy::Customer),
];

/// What a script left in the page's title, read out of the page that Chromium gives back.
fn measured(name: &str, page: &Path) -> Value {
    let dom = chromium(name, &["--virtual-time-budget=20000", "--dump-dom"], page);
    let (_, told) = dom.split_once("<pre id=\"told\">").expect("the script ran to its end");
    let (told, _) = told.split_once("</pre>").expect("it ends");
    let told = told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    serde_json::from_str(&told).expect("JSON")
}

const TELL: &str = "function tell(what){const pre=document.createElement('pre');pre.id='told';\
    pre.textContent=JSON.stringify(what);document.body.append(pre)}";

#[test]
fn every_word_stands_in_its_column_and_no_row_is_wider_than_the_paper() {
    // Each word's place, in characters and rows from the section's corner, beside what is drawn.
    let script = TELL.to_owned()
        + "tell([...document.querySelectorAll('section')].map(section=>{
            const box=section.getBoundingClientRect();
            const probe=document.createElement('span');probe.textContent='0';section.append(probe);
            const glyph=probe.getBoundingClientRect();probe.remove();
            const words=[];
            const walk=document.createTreeWalker(section,NodeFilter.SHOW_TEXT);
            while(walk.nextNode()){const node=walk.currentNode;
              if(node.parentElement.closest('style,h2'))continue;
              for(const word of node.data.matchAll(/\\S+/g)){const range=document.createRange();
                range.setStart(node,word.index);range.setEnd(node,word.index+word[0].length);
                const at=range.getBoundingClientRect();
                words.push([word[0],(at.left-box.left)/glyph.width,Math.round((at.top-box.top)/19.2)]);}}
            return {words,wide:section.scrollWidth<=section.clientWidth+1,
              large:[...section.querySelectorAll('h2')].every(h2=>h2.scrollWidth<=h2.clientWidth+1)}}))";
    for columns in [32, 42, 48] {
        let name = format!("columns-{columns}");
        let receipts = FIXTURES.map(|(name, copy)| fixture(name, copy));
        let sections: String = receipts.iter().map(|receipt| rendered(receipt, Format::Html, columns)).collect();
        let told = measured(&name, &page(&name, &sections, &script));
        for ((section, receipt), (fixture, _)) in told.as_array().expect("sections").iter().zip(&receipts).zip(FIXTURES)
        {
            assert_eq!((&section["wide"], &section["large"]), (&json!(true), &json!(true)), "{fixture} at {columns}");
            let text = rendered(receipt, Format::Text, columns);
            let words = section["words"].as_array().expect("words");
            assert!(words.len() > 10, "{fixture}");
            for word in words {
                let (said, column) = (word[0].as_str().expect("a word"), word[1].as_f64().expect("a number"));
                let stands = |row: &str| {
                    let starts = row.match_indices(said).map(|(at, _)| row[..at].chars().count() as f64);
                    starts.into_iter().any(|start| (start - column).abs() < 0.5)
                };
                assert!(text.lines().any(stands), "{fixture} at {columns}: {said} at {column}");
            }
        }
    }
}

#[test]
fn a_receipt_fills_one_page_of_58_or_80_mm_and_loses_no_line() {
    for (columns, width) in [(32, 58.0), (42, 80.0), (48, 80.0)] {
        for (fixture_name, copy) in FIXTURES {
            let receipt = fixture(fixture_name, copy);
            let name = format!("print-{columns}-{fixture_name}-{}", copy.name());
            // Alone on its page, as a till prints it.
            let file = directory(&name).join("page.html");
            let head = "<!doctype html><html lang=\"de\"><meta charset=\"utf-8\"><title>Beleg</title><body style=\"margin:0\">";
            std::fs::write(&file, head.to_owned() + &rendered(&receipt, Format::Html, columns)).expect("written");
            let pdf = directory(&name).join("page.pdf");
            chromium(&name, &["--no-pdf-header-footer", &format!("--print-to-pdf={}", pdf.display())], &file);
            let run = |program: &str, arguments: &[&str]| {
                let output = Command::new(program).args(arguments).output().expect("cargo xtask prove --only browser");
                assert!(output.status.success(), "{program} {name}");
                String::from_utf8(output.stdout).expect("UTF-8")
            };
            let info = run("pdfinfo", &[pdf.to_str().expect("a path")]);
            assert!(info.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")), "{name}: {info}");
            let size = info.lines().find_map(|line| line.strip_prefix("Page size:")).expect("a size").trim();
            let points: f64 = size.split(' ').next().and_then(|number| number.parse().ok()).expect("a number");
            assert!((points - width * 72.0 / 25.4).abs() < 1.0, "{name}: {size}");
            let words =
                |text: &str| text.split_whitespace().filter(|word| !word.starts_with("---")).collect::<String>();
            let found = run("pdftotext", &["-layout", pdf.to_str().expect("a path"), "-"]);
            if fixture_name != "every-line" {
                assert_eq!(words(&found), words(&rendered(&receipt, Format::Text, columns)), "{name}");
            }
        }
    }
}

#[test]
fn axe_finds_nothing_serious() {
    let axe =
        Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("decoders").join("node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core; cargo xtask prove --only browser");
    let script = format!(
        "{axe}\n{TELL}axe.run().then(found=>tell({{passes:found.passes.length,\
         violations:found.violations.map(v=>[v.impact,v.id,v.nodes.map(n=>n.html)])}}))"
    );
    let sections: String =
        FIXTURES.iter().map(|(name, copy)| rendered(&fixture(name, *copy), Format::Html, 42)).collect();
    let told = measured("axe", &page("axe", &sections, &script));
    assert!(told["passes"].as_i64() > Some(10), "{told}");
    let serious = |violation: &&Value| violation[0] == "serious" || violation[0] == "critical";
    let violations = told["violations"].as_array().expect("violations");
    assert_eq!(violations.iter().filter(serious).count(), 0, "{told:#}");
    println!("axe: {} rules passed; not serious: {violations:?}", told["passes"]);
    // A judge that sees nothing would be of no use: a list of names and values with something else in it is found.
    let wrong = sections.replacen("<dl>", "<dl><p>x</p>", 1);
    let told = measured("axe-wrong", &page("axe-wrong", &wrong, &script));
    assert!(told["violations"].as_array().expect("violations").iter().any(|v| serious(&v)), "{told}");
}
