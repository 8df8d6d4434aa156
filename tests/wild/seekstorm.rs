// SeekStorm #67: Index -> shard_vec -> Arc<Shard> -> index_option -> Arc<Index>
use std::sync::{Arc, RwLock};
pub struct Shard {
    index_option: Option<Arc<RwLock<Index>>>,
    id: usize,
    postings: Vec<u64>,
}
pub struct Index {
    shard_vec: Vec<Arc<RwLock<Shard>>>,
    name: String,
}
type ShardArc = Arc<RwLock<Shard>>;
type IndexArc = Arc<RwLock<Index>>;
fn create_shard(id: usize) -> ShardArc {
    Arc::new(RwLock::new(Shard {
        index_option: None,
        id,
        postings: vec![7; 100],
    }))
}
fn create_index(n: usize) -> IndexArc {
    let index = Arc::new(RwLock::new(Index {
        shard_vec: (0..n).map(create_shard).collect(),
        name: "an index of the books of the library".into(),
    }));
    for s in index.read().unwrap().shard_vec.iter() {
        s.write().unwrap().index_option = Some(index.clone());
    }
    index
}
fn close(index: &IndexArc) -> usize {
    let i = index.read().unwrap();
    i.shard_vec
        .iter()
        .map(|s| {
            let s = s.read().unwrap();
            s.id + s.postings.len() + s.index_option.is_some() as usize
        })
        .sum::<usize>()
        + i.name.len()
}
fn main() {
    for _ in 0..3 {
        let i = create_index(4);
        close(&i);
    }
}
