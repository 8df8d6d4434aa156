"""A workload for CPython: builds objects of several kinds in batches, and keeps
a few of each."""


class Node:
    def __init__(self, i):
        self.i = i
        self.name = str(i)


def counter(i):
    def add(n):
        return i + n
    return add


KINDS = (
    str,
    lambda i: object(),
    lambda i: {"a": i},
    lambda i: {str(i % 100), i},
    lambda i: (i, [i], f"{i} and {i + 1}"),
    lambda i: b"x" * (i % 300),
    Node,
    counter,
)

keep = []
for _ in range(250):
    for kind in KINDS:
        batch = [kind(i) for i in range(1000)]
        keep.append(batch[:10])
print(sum(map(len, keep)))
