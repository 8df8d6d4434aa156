// FP-growth #1: parents and children, and a header list, all shared
#include <map>
#include <memory>
#include <string>
#include <vector>
using Item = std::string;
struct FPNode {
	const Item item;
	unsigned frequency = 1;
	std::shared_ptr<FPNode> node_link;
	std::shared_ptr<FPNode> parent;
	std::vector<std::shared_ptr<FPNode>> children;
	FPNode(const Item &i, const std::shared_ptr<FPNode> &p)
	    : item(i), parent(p)
	{
	}
};
struct FPTree {
	std::shared_ptr<FPNode> root;
	std::map<Item, std::shared_ptr<FPNode>> header_table;
	FPTree(const std::vector<std::vector<Item>> &ts)
	    : root(std::make_shared<FPNode>(Item(), nullptr))
	{
		for (auto &t : ts) {
			auto cur = root;
			for (auto &i : t) {
				std::shared_ptr<FPNode> next;
				for (auto &c : cur->children)
					if (c->item == i)
						next = c;
				if (next)
					next->frequency++;
				else {
					next = std::make_shared<FPNode>(i, cur);
					cur->children.push_back(next);
					auto &h = header_table[i];
					next->node_link = h;
					h = next;
				}
				cur = next;
			}
		}
	}
};
int main()
{
	for (int i = 0; i < 3; i++)
		FPTree t({{"a", "b"}, {"b", "c", "d"}, {"a", "c", "d", "e"}});
}
