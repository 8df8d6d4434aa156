//! Seeded growth, as in growing.c: what to grow, and for how many rounds.
use std::collections::HashMap;

extern "C" {
    fn gordian_check() -> i32;
}

const A_ROUND: usize = 200;

struct Page {
    title: String,
    body: Box<[u8; 300]>,
}

struct Event {
    number: usize,
    what: [u64; 6],
}

#[derive(Default)]
struct Server {
    cache: HashMap<usize, Page>,
    history: Vec<Box<Event>>,
}

/// A cache without limit.
#[inline(never)]
fn page_render(server: &mut Server, number: usize) {
    server.cache.entry(number).or_insert_with(|| Page {
        title: format!("page number {number}"),
        body: Box::new([0; 300]),
    });
}

/// Nobody ever reads so far back.
#[inline(never)]
fn event_note(server: &mut Server, number: usize) {
    server.history.push(Box::new(Event { number, what: [0; 6] }));
}

fn main() {
    let mut words = std::env::args().skip(1);
    let what = words.next().expect("what to grow");
    let rounds: usize = words.next().unwrap().parse().unwrap();
    let mut server = Server::default();

    for number in 0..rounds * A_ROUND {
        match what.as_str() {
            "cache" => page_render(&mut server, number),
            "history" => event_note(&mut server, number),
            _ => panic!("unknown"),
        }
        drop(vec![number; 10]); // work
        if number % A_ROUND == A_ROUND - 1 {
            unsafe { gordian_check() };
        }
    }
    std::process::exit((server.cache.len() + server.history.len() == 0) as i32);
}
