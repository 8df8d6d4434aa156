// Parses Rust, regular expressions, XML and JSON, of the files that it is given.
use std::fs;

fn expressions() -> usize {
    let mut n = 0;
    for pattern in [
        r"a(b|c)*d{2,3}?", r"(?i)hello\s+(?P<name>\w+)$", r"[^a-z&&[^m]]+",
        r"\p{Greek}|\bfoo\B", r"(?x) a # comment", r"[[:alpha:]-z]|\x41|.",
    ] {
        let ast = regex_syntax::ast::parse::Parser::new().parse(pattern);
        n += ast.map(|ast| format!("{:?} {}", ast, ast).len()).unwrap_or(0);
        let hir = regex_syntax::Parser::new().parse(pattern);
        n += hir.map(|hir| format!("{}", hir).len()).unwrap_or(0);
    }
    n
}

fn main() {
    let mut n = expressions();
    let mut kept = Vec::new();
    for path in std::env::args().skip(1) {
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if path.ends_with(".rs") {
            if let Ok(file) = syn::parse_file(&text) {
                n += file.items.len();
                kept.push(file);
            }
        } else if path.ends_with(".xml") {
            let reader = xml::reader::EventReader::from_str(&text);
            n += reader.into_iter().filter(|event| event.is_ok()).count();
        } else if path.ends_with(".json") {
            n += json::parse(&text).map(|value| value.dump().len()).unwrap_or(0);
        }
    }
    println!("{} {}", n, kept.len());
}
