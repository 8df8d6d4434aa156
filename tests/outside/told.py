#!/usr/bin/env python3
"""Leaks that were reported of real programs, rebuilt small (tests/wild): the
first screen of the text names what whoever mends them has to change, its type
and field, and the line that made what leaks."""
import os
import shutil
import subprocess
import sys

from common import GORDIAN, TOP, Skip, check, main, run

PLACE = os.path.join(TOP, "tests", "wild")
SCREEN = 24  # lines
BUILD = {
    ".c": ["gcc", "-g", "-O1", "-w"],
    ".cc": ["g++", "-g", "-O1", "-w", "-std=c++17"],
    ".rs": ["rustc", "-g", "-A", "warnings", "--edition=2021",
            "-C", "opt-level=1"],
}


def line_of(name, code):
    """Where the source has that code, "mal.rs:12"."""
    with open(os.path.join(PLACE, name), encoding="utf-8") as source:
        found = [n for n, line in enumerate(source, 1) if code in line]
    assert len(found) == 1, (name, code, found)
    return "%s:%d" % (name, found[0])


def told(name, code, *words):
    """The first screen has these words, and the line of that code."""
    command = BUILD[os.path.splitext(name)[1]]
    if not shutil.which(command[0]):
        raise Skip("no %s" % command[0])
    subprocess.run(command + [os.path.join(PLACE, name), "-o", "told"],
                   check=True)
    status, _, err = run("--format=none --report=x.jsonl", "./told")
    assert status == 0, (status, err)
    text = subprocess.run([GORDIAN, "report", "x.jsonl"], check=True,
                          env=dict(os.environ, COLUMNS="140"), text=True,
                          stdout=subprocess.PIPE).stdout
    screen = "\n".join(text.splitlines()[:SCREEN])
    for word in (line_of(name, code), *words):
        assert word in screen, (word, text)


@check
def a_socket_whose_callback_captures_it():
    told("ixwebsocket.cc", "std::make_shared<WebSocket>()",
         "× ix::WebSocket ⇄ lambda", ".webSocket",
         ".onMessageCallback_", "capture a std::weak_ptr<ix::WebSocket>")


@check
def a_session_that_holds_its_client():
    told("websocketpp.cc", "new websocketpp::client(",
         "× websocketpp::client ⇄ websocketpp::client_session",
         "make websocketpp::client_session::m_client a "
         "std::weak_ptr<websocketpp::client>")


@check
def a_client_whose_callback_is_not_cleared():
    told("drogon.cc", "std::make_shared<WebSocketClientImpl>()",
         "× drogon::WebSocketClientImpl", ".requestCallback_",
         "let the lambda in Bridge::start capture a "
         "std::weak_ptr<drogon::WebSocketClient>")


@check
def a_callback_bound_to_the_item_that_has_it():
    told("supercell.cc", "std::make_shared<GeoLineDrawItem>()",
         "× scwx::gl::GeoLineDrawItem", ".event_",
         "std::bind() in scwx::gl::GeoLineDrawItem::event_ bind a",
         "std::weak_ptr<scwx::gl::GeoLineDrawItem>")


@check
def nodes_that_share_their_parents():
    told("fpgrowth.cc", "std::make_shared<FPNode>(i, cur)",
         "× FPNode", "make FPNode::parent a std::weak_ptr<FPNode>")


@check
def the_beginning_of_a_path():
    told("mbpfan.c", "strdup(\"/sys/devices", "× char[51]",
         "strdup", "retrieve_sensors")


@check
def an_inode_where_nothing_is_found():
    told("libfsxfs.c", "*inode = calloc(", "× inode",
         "libfsxfs_volume_get_file_entry_by_utf8_path")


@check
def a_table_beside_another():
    told("netconf.c", "client_opts.ch_bind_ti = nc_realloc(", "LOST  ",
         "nc_realloc", "nc_client_ch_add_bind_listen")


@check
def a_shard_that_holds_its_index():
    told("seekstorm.rs", "let index = Arc::new(RwLock::new(Index {",
         "× RwLock<seekstorm::Index> ⇄ RwLock<seekstorm::Shard>",
         ".index_option a sync::Weak<RwLock<seekstorm::Index>>")


@check
def connections_that_hold_their_queue():
    told("neqo.rs", "active: Rc::default(),", "× RefCell<neqo::Queue>",
         ".active a rc::Weak<RefCell<neqo::Queue>>")


@check
def an_environment_that_a_function_in_it_holds():
    told("mal.rs", "Rc::new(EnvStruct {", "× mal::EnvStruct",
         ".Func.env", "rc::Weak<mal::EnvStruct>")


@check
def a_pointer_of_ones_own_that_counts():
    told("rune.rs", "let a = Shared::new(BTreeMap::new());",
         "× rune::SharedBox<BTreeMap<>>", "rune::run")


if __name__ == "__main__":
    sys.exit(main(needs_act=False))
