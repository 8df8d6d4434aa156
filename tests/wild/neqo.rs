// neqo #724: connections keep the server's queue of active connections
use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
struct ServerConnectionState {
    id: u64,
    active: Rc<RefCell<Queue>>,
    buf: Vec<u8>,
}
type StateRef = Rc<RefCell<ServerConnectionState>>;
#[derive(Default)]
struct Queue {
    waiting: VecDeque<StateRef>,
    seen: HashSet<u64>,
}
struct Server {
    connections: HashMap<u64, StateRef>,
    active: Rc<RefCell<Queue>>,
}
impl Server {
    fn new() -> Self {
        Server {
            connections: HashMap::new(),
            active: Rc::default(),
        }
    }
    fn accept(&mut self, id: u64) {
        let c = Rc::new(RefCell::new(ServerConnectionState {
            id,
            active: self.active.clone(),
            buf: vec![0; 300],
        }));
        self.connections.insert(id, c.clone());
        self.active.borrow_mut().waiting.push_back(c);
    }
}
fn main() {
    for n in 0..3 {
        let mut s = Server::new();
        for i in 0..2 {
            s.accept(n * 10 + i);
        }
        for c in s.connections.values() {
            let c = c.borrow();
            c.active.borrow_mut().seen.insert(c.id + c.buf.len() as u64);
        }
    }
}
