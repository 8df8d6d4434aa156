// Rings and trees of Rc and Arc, ten times each: counted HOW.
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, Weak as Distant};

struct Node {
    peer: RefCell<Option<Rc<Node>>>,
    back: RefCell<Weak<Node>>,
    data: [u64; 4],
}

struct Shared {
    peer: Mutex<Option<Arc<Shared>>>,
    data: [u64; 5],
}

fn node(i: u64) -> Rc<Node> {
    Rc::new(Node {
        peer: RefCell::new(None),
        back: RefCell::new(Weak::new()),
        data: [i; 4],
    })
}

fn ring(i: u64) -> Rc<Node> {
    let a = node(i);
    let b = node(i);
    *a.peer.borrow_mut() = Some(b.clone());
    *b.peer.borrow_mut() = Some(a.clone());
    a
}

fn shared(i: u64) -> Arc<Shared> {
    let a = Arc::new(Shared { peer: Mutex::new(None), data: [i; 5] });
    let peer = Mutex::new(Some(a.clone()));
    let b = Arc::new(Shared { peer, data: [i; 5] });
    *a.peer.lock().unwrap() = Some(b);
    a
}

// Two numbers, as an Rc has, and a pointer to itself.
struct Pair {
    one: u64,
    other: u64,
    own: *const Pair,
    data: [u64; 6],
}

// What knows of all, and owns none.
struct Known {
    nodes: Vec<Weak<Node>>,
    named: Mutex<HashMap<String, Distant<Shared>>>,
    raw: Vec<*const Node>,
    pairs: Vec<(*const u64, Box<u64>)>,
}

#[inline(never)]
fn leak(how: &str, i: u64, known: &mut Known) {
    match how {
        "weak" => {
            let a = ring(i);
            let b = a.peer.borrow().clone().unwrap();
            known.nodes.push(Rc::downgrade(&a));
            known.nodes.push(Rc::downgrade(&b));
        }
        "named" => {
            let a = Arc::downgrade(&shared(i));
            let mut named = known.named.lock().unwrap();
            named.insert(format!("a name of no. {}", i), a);
        }
        _ => {
            let a = ring(i);
            known.raw.push(Rc::as_ptr(&a));
            known.raw.push(Rc::as_ptr(a.peer.borrow().as_ref().unwrap()));
        }
    }
}

// It lives, by one pointer from here.
#[inline(never)]
fn keep(i: u64, kept: &mut Vec<Rc<Node>>, known: &mut Known) {
    let a = tree(i);
    known.nodes.push(Rc::downgrade(a.peer.borrow().as_ref().unwrap()));
    kept.push(a);
    let pair = Box::leak(Box::new(Pair {
        one: 1,
        other: 1,
        own: std::ptr::null(),
        data: [i; 6],
    }));
    pair.own = pair;
    known.pairs.push((&pair.other, Box::new(pair.one)));
}

// A child that knows its parent.
fn tree(i: u64) -> Rc<Node> {
    let a = node(i);
    let b = node(i);
    *b.back.borrow_mut() = Rc::downgrade(&a);
    *a.peer.borrow_mut() = Some(b);
    a
}

#[inline(never)]
fn clear() {
    std::hint::black_box([0u8; 16384]);
}

fn main() {
    let how = std::env::args().nth(1).unwrap();
    let mut kept: Vec<Rc<Node>> = Vec::new();
    let mut raw: Vec<*const Node> = Vec::new();
    let mut known = Known {
        nodes: Vec::with_capacity(64),
        named: Mutex::new(HashMap::with_capacity(64)),
        raw: Vec::with_capacity(64),
        pairs: Vec::with_capacity(64),
    };
    for i in 0..10 {
        match how.as_str() {
            "ring" => drop(ring(i)),
            "shared" => drop(shared(i)),
            "weak" | "named" | "raw" => leak(&how, i, &mut known),
            "kept" => keep(i, &mut kept, &mut known),
            "forgotten" => std::mem::forget(tree(i)),
            "live" => {
                kept.push(tree(i));
                kept.push(ring(i));
                raw.push(Rc::as_ptr(&kept[kept.len() - 2]));
            }
            _ => drop(tree(i)),
        }
    }
    clear();
    let sum: u64 = raw.iter().map(|p| unsafe { (**p).data[0] }).sum();
    println!("{} {} {}", sum, kept.len(), known.nodes.len());
    std::process::exit(0); // what is kept lives to the end
}
