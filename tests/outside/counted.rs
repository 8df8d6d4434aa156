// Rings and trees of Rc and Arc, ten times each: counted HOW.
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

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

fn shared(i: u64) {
    let a = Arc::new(Shared { peer: Mutex::new(None), data: [i; 5] });
    let peer = Mutex::new(Some(a.clone()));
    let b = Arc::new(Shared { peer, data: [i; 5] });
    *a.peer.lock().unwrap() = Some(b);
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
    for i in 0..10 {
        match how.as_str() {
            "ring" => drop(ring(i)),
            "shared" => shared(i),
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
    println!("{} {}", sum, kept.len());
    std::process::exit(0); // what is kept lives to the end
}
