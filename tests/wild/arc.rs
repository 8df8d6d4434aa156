// SeekStorm #67: an index owns its shards, and each of them owns the index.
// What is open is known by its name, and owned by who opened it. Mended: a
// shard knows its index by a Weak.
use std::collections::HashMap;
#[cfg(not(mended))]
use std::sync::Arc as Back;
#[cfg(mended)]
use std::sync::Weak as Back;
use std::sync::{Arc, RwLock, Weak};

struct Shard {
    index: RwLock<Option<Back<Index>>>,
    documents: u64,
}

struct Index {
    shards: RwLock<Vec<Arc<Shard>>>,
    name: [u8; 40],
}

#[cfg(mended)]
fn back(index: &Arc<Index>) -> Back<Index> {
    Arc::downgrade(index)
}

#[cfg(not(mended))]
fn back(index: &Arc<Index>) -> Back<Index> {
    index.clone()
}

#[inline(never)]
fn create_index(open: &mut HashMap<u64, Weak<Index>>, n: u64) {
    let index = Arc::new(Index { shards: RwLock::new(Vec::new()), name: [0; 40] });
    for documents in 0..2 {
        let to = RwLock::new(Some(back(&index)));
        let shard = Arc::new(Shard { index: to, documents });
        index.shards.write().unwrap().push(shard);
    }
    open.insert(n, Arc::downgrade(&index));
}

#[inline(never)]
fn clear() {
    std::hint::black_box([0u8; 16384]);
}

fn main() {
    let mut open = HashMap::with_capacity(16);
    for n in 0..3 {
        create_index(&mut open, n);
    }
    clear();
    std::process::exit(open.len() as i32 - 3); // what is open stays
}
