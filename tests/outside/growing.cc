/*
 * Programs in C++ that grow, though all they have is reached: NAME ROUNDS.
 */
#include <cstdlib>
#include <cstring>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#include "gordian.h"

namespace shop
{

struct Item {
	std::string name;
	double price = 0;
};

/* Items that nobody asks for again. */
std::unordered_map<int, std::shared_ptr<Item>> items;

static void item_find(int number)
{
	items[number] = std::make_shared<Item>();
}

struct Order {
	std::vector<int> parts;
	std::unique_ptr<Item> gift;
};

/* The last ones used, but the end of the list is never cut off. */
std::list<std::unique_ptr<Order>> recent;

static void order_use(int number)
{
	auto order = std::make_unique<Order>();

	order->parts.push_back(number);
	order->gift = std::make_unique<Item>();
	recent.push_front(std::move(order));
}

/* What is to be called when something changes. */
std::vector<std::function<void()>> watchers;

static void watcher_add(int number)
{
	auto name = std::make_shared<std::string>(100, 'x');

	watchers.emplace_back([name, number] { (void)number; });
}

/* Counters by name. */
std::map<std::string, long> counters;

static void count(int number)
{
	counters["requests of customer " + std::to_string(number)]++;
}

} // namespace shop

int main(int, char **argv)
{
	int number = 0, rounds = atoi(argv[2]);

	while (rounds--) {
		for (int i = 0; i < 200; i++, number++) {
			if (!strcmp(argv[1], "items"))
				shop::item_find(number);
			else if (!strcmp(argv[1], "recent"))
				shop::order_use(number);
			else if (!strcmp(argv[1], "watchers"))
				shop::watcher_add(number);
			else
				shop::count(number);
		}
		gordian_check();
	}
	return 0;
}
