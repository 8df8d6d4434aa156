// Types of Rust, for tests/unit/types.c. Nothing runs.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

pub enum Shape {
    Nothing,
    Left(Rc<Member>, u8),
    Both { left: Rc<Member>, right: Rc<Club> },
}
pub struct Shared {
    next: Mutex<Option<Arc<Shared>>>,
}
#[repr(C)]
pub struct Club {
    members: RefCell<Vec<Rc<Member>>>,
    table: RefCell<HashMap<String, Rc<Member>>>,
    tree: RefCell<BTreeMap<u32, Rc<Member>>>,
    queue: RefCell<VecDeque<Weak<Member>>>,
    boxed: Option<Box<Member>>,
    shape: RefCell<Shape>,
    weak: RefCell<Weak<Club>>,
    shared: Mutex<Option<Arc<Shared>>>,
    callback: RefCell<Option<Box<dyn Fn()>>>,
    name: Cell<Option<&'static str>>,
    any: RefCell<Option<Rc<dyn Any>>>,
    raw: *const Member,
    pair: (u64, Rc<Member>),
}
pub trait Any {}
pub struct Member {
    club: RefCell<Option<Rc<Club>>>,
}
impl Any for Member {}

fn main() {
    let member = Rc::new(Member { club: RefCell::new(None) });
    let shared = Arc::new(Shared { next: Mutex::new(None) });
    let club = Rc::new(Club {
        members: RefCell::new(vec![member.clone()]),
        table: Default::default(),
        tree: Default::default(),
        queue: Default::default(),
        boxed: Some(Box::new(Member { club: RefCell::new(None) })),
        shape: RefCell::new(Shape::Nothing),
        weak: Default::default(),
        shared: Mutex::new(Some(shared.clone())),
        callback: RefCell::new(None),
        name: Cell::new(None),
        any: RefCell::new(Some(member.clone())),
        raw: &*member,
        pair: (1, member.clone()),
    });
    *shared.next.lock().unwrap() = Some(shared.clone());
    club.table.borrow_mut().insert("a".into(), member.clone());
    club.tree.borrow_mut().insert(1, member.clone());
    club.queue.borrow_mut().push_back(Rc::downgrade(&member));
    *club.shape.borrow_mut() = Shape::Left(member.clone(), 1);
    *club.shape.borrow_mut() = Shape::Both { left: member.clone(), right: club.clone() };
    *club.weak.borrow_mut() = Rc::downgrade(&club);
    *member.club.borrow_mut() = Some(club.clone());
    let other = club.clone();
    *club.callback.borrow_mut() = Some(Box::new(move || other.name.set(None)));
}
