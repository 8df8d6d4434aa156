"""A workload for CPython: builds objects of several kinds, drops most."""


class Node:
    def __init__(self, i):
        self.i = i
        self.name = str(i)
        self.items = [i, i + 1]
        self.map = {"a": i}


class Tree:
    __slots__ = ("left", "right", "key")

    def __init__(self, depth, key=1):
        self.key = (key, f"key {key}")
        self.left = Tree(depth - 1, 2 * key) if depth else None
        self.right = Tree(depth - 1, 2 * key + 1) if depth else None


def counter(i):
    total = [i]

    def add(n):
        total[0] += n
        return total[0]
    return add


def nodes():
    return [Node(i) for i in range(40000)]


def closures():
    return [counter(i) for i in range(40000)]


def words():
    text = " ".join(f"word{i % 5000} {i * 0.5}" for i in range(20000))
    places = {}
    for place, word in enumerate(text.split()):
        places.setdefault(word, set()).add(place)
    return places


keep = []
check = 0
for _ in range(3):
    made = [nodes(), closures(), words(), Tree(13)]
    keep.append([made[0][:5000], made[1][:5000]])
    check += (sum(len(node.name) for node in made[0])
              + sum(add(1) for add in made[1])
              + sum(map(len, made[2].values())) + len(made[3].key))
print(check)
