// rune #162: an object that holds itself
use std::cell::{Cell, UnsafeCell};
use std::collections::BTreeMap;
use std::ptr::NonNull;
struct SharedBox<T> {
    count: Cell<usize>,
    access: Cell<isize>,
    data: UnsafeCell<T>,
}
pub struct Shared<T> {
    inner: NonNull<SharedBox<T>>,
}
impl<T> Shared<T> {
    fn new(data: T) -> Self {
        Shared {
            inner: NonNull::from(Box::leak(Box::new(SharedBox {
                count: Cell::new(1),
                access: Cell::new(0),
                data: UnsafeCell::new(data),
            }))),
        }
    }
    fn get(&self) -> &mut T {
        unsafe {
            self.inner.as_ref().access.set(1);
            &mut *self.inner.as_ref().data.get()
        }
    }
}
impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        unsafe {
            let b = self.inner.as_ref();
            b.count.set(b.count.get() + 1);
        }
        Shared { inner: self.inner }
    }
}
impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        unsafe {
            let b = self.inner.as_ref();
            b.count.set(b.count.get() - 1);
            if b.count.get() == 0 {
                drop(Box::from_raw(self.inner.as_ptr()));
            }
        }
    }
}
pub enum Value {
    Unit,
    Object(Shared<BTreeMap<String, Value>>),
}
fn run() {
    let a = Shared::new(BTreeMap::new());
    a.get().insert("u".to_string(), Value::Unit);
    a.get().insert("a".to_string(), Value::Object(a.clone()));
}
fn main() {
    for _ in 0..5 {
        run();
    }
}
