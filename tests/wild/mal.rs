// mal #709: a function holds the environment in which it is bound
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
#[derive(Clone)]
enum MalVal {
    Nil,
    Int(i64),
    Func {
        ast: Rc<MalVal>,
        env: Env,
        params: Rc<Vec<String>>,
    },
    List(Rc<Vec<MalVal>>),
}
struct EnvStruct {
    data: RefCell<HashMap<String, MalVal>>,
    outer: Option<Env>,
}
type Env = Rc<EnvStruct>;
fn env_new(outer: Option<Env>) -> Env {
    Rc::new(EnvStruct {
        data: RefCell::new(HashMap::new()),
        outer,
    })
}
fn env_set(e: &Env, k: &str, v: MalVal) {
    e.data.borrow_mut().insert(k.to_string(), v);
}
fn eval_let(repl: &Env) -> i64 {
    let e = env_new(Some(repl.clone()));
    let f = MalVal::Func {
        ast: Rc::new(MalVal::List(Rc::new(vec![MalVal::Int(1), MalVal::Nil]))),
        env: e.clone(),
        params: Rc::new(vec!["x".into()]),
    };
    if let MalVal::Func { ast, env, params } = &f {
        if let MalVal::List(l) = &**ast {
            if let MalVal::Int(n) = l[0] {
                env_set(&e, "f", f.clone());
                return n + params.len() as i64 + env.outer.is_some() as i64;
            }
        }
    }
    0
}
fn main() {
    let repl = env_new(None);
    for _ in 0..4 {
        eval_let(&repl);
    }
}
