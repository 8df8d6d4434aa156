// Allocations of every form that Rust has, each on a line of its own with what
// it makes beside it; made.c has those of C.
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, LinkedList, VecDeque};
use std::hint::black_box;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex};

mod app {
    use super::*;

    #[derive(Clone, Default)]
    pub struct Point {
        pub x: f64,
        pub y: f64,
        pub z: f64,
    }

    #[derive(Default)]
    pub struct Club {
        pub members: RefCell<Vec<Rc<Member>>>,
        pub name: String,
    }

    #[derive(Default)]
    pub struct Member {
        pub club: RefCell<Weak<Club>>,
        pub number: u32,
    }

    pub struct Tree {
        pub left: Option<Box<Tree>>,
        pub right: Option<Box<Tree>>,
        pub words: [u64; 3],
    }

    pub enum Value {
        Number(f64),
        Text([u8; 40]),
    }

    pub trait Shape {
        fn kind(&self) -> u32;
    }

    pub struct Circle {
        pub radius: [f64; 4],
    }

    impl Shape for Circle {
        fn kind(&self) -> u32 {
            self.radius[0] as u32
        }
    }

    pub struct Holder<T> {
        pub value: T,
        pub n: u64,
    }
}

use app::*;

#[inline(never)]
fn boxes() {
    black_box(Box::new(Point::default())); // = app::Point
    black_box(Box::new(Value::Number(1.0))); // = app::Value
    black_box(Box::new(Value::Text([0; 40]))); // = app::Value
    let shape: Box<dyn Shape> = Box::new(Circle { radius: [1.0; 4] }); // = app::Circle
    black_box(shape.kind());
    black_box(&shape);
    black_box(Box::new([7u64; 9])); // = [u64; 9] | u64[9]
    black_box(Box::new(Holder { value: 1.5f32, n: 1 })); // = app::Holder<f32>
    black_box(Box::new(Holder { value: Point::default(), n: 1 })); // = app::Holder<app::Point>
}

#[inline(never)]
fn tree(depth: u32) -> Option<Box<Tree>> {
    if depth == 0 {
        return None;
    }
    Some(Box::new(Tree { // = app::Tree
        left: tree(depth - 1),
        right: tree(depth - 1),
        words: [1; 3],
    }))
}

#[inline(never)]
fn counted() {
    let club = Rc::new(Club::default()); // = app::Club
    let member = Rc::new(Member::default()); // = app::Member
    *member.club.borrow_mut() = Rc::downgrade(&club);
    club.members.borrow_mut().push(member); // = alloc::rc::Rc<app::Member> | *
    black_box(&club);
    black_box(Arc::new(Mutex::new(Point::default()))); // = std::sync::mutex::Mutex<app::Point> | *
    black_box(Rc::new(RefCell::new(Circle { radius: [0.0; 4] }))); // = core::cell::RefCell<app::Circle>
    black_box(Arc::new(Point::default())); // = app::Point
}

#[inline(never)]
fn containers(n: usize) {
    black_box(vec![0u32; n]); // = u32 [30] | *
    black_box(Vec::<Point>::with_capacity(n)); // = app::Point [30]
    black_box(String::with_capacity(n)); // = u8 [30] | *
    let mut list = LinkedList::new();
    list.push_back(Point::default()); // = alloc::collections::linked_list::Node<app::Point> | MaybeUninit<Node<app::Point>>
    black_box(&list);
    let mut queue: VecDeque<Circle> = VecDeque::with_capacity(n); // = app::Circle [30]
    queue.push_back(Circle { radius: [2.0; 4] });
    black_box(&queue);
    let mut map = BTreeMap::new();
    map.insert(n as u64, Point::default()); // = *
    black_box(&map);
    let mut hash = HashMap::new();
    hash.insert(n as u64, Point::default()); // = *
    black_box(&hash);
}

// What is the same for both is made once by the compiler.
#[inline(never)]
fn alike(n: usize) {
    let mut first: Vec<usize> = Vec::new();
    first.push(n); // = usize [4]
    black_box(&first);
    let mut second: Vec<Box<Circle>> = Vec::new();
    second.push(Box::new(Circle { radius: [3.0; 4] })); // = app::Circle | alloc::boxed::Box<app::Circle> [4]
    black_box(&second);
    let mut third: Vec<Rc<Tree>> = Vec::new();
    third.push(Rc::new(Tree { left: None, right: None, words: [n as u64; 3] })); // = app::Tree | alloc::rc::Rc<app::Tree> [4]
    black_box(&third);
}

fn main() {
    boxes();
    black_box(tree(3));
    counted();
    containers(black_box(30));
    alike(black_box(30));
}
