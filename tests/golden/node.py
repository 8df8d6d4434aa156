class Node:
    pass


n1 = Node()
n2 = Node()
n1.ref = n2
n2.ref = n1
del n1, n2
