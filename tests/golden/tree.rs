// Parents that own their children, which own their parents.
use std::cell::RefCell;
use std::rc::Rc;

struct Parent {
    children: RefCell<Vec<Rc<Child>>>,
}

struct Child {
    parent: RefCell<Option<Rc<Parent>>>,
}

fn grow() {
    let parent = Rc::new(Parent { children: RefCell::new(vec![]) });
    for _ in 0..2 {
        let child = Rc::new(Child { parent: RefCell::new(None) });
        *child.parent.borrow_mut() = Some(parent.clone());
        parent.children.borrow_mut().push(child);
    }
}

fn main() {
    for _ in 0..10 {
        grow();
    }
}
