// Shared pointers that live, in ways in which a scan might doubt it: pointers
// to members, deleters of the program's own, weak pointers, pointers that only
// another object's memory has, threads.
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct Leaf : std::enable_shared_from_this<Leaf> {
	std::weak_ptr<Leaf> parent;
	std::vector<std::shared_ptr<Leaf>> children;
	std::string name = "a name that is too long to be kept inside of it";
};

struct Plain {
	std::shared_ptr<Plain> next;
	std::string name = "a name that is too long to be kept inside of it";
};

struct State {
	std::vector<Leaf *> raw;
	std::shared_ptr<Leaf> root;
	std::vector<std::weak_ptr<Leaf>> weak;
	std::map<int, std::shared_ptr<std::string>> members;
	std::shared_ptr<Plain> borrowed, converted;
	std::unique_ptr<Plain> owner;
	std::vector<Plain *> plains;
	std::function<void()> call;
	std::shared_ptr<void> nameless;
	std::shared_ptr<Plain[]> array;
	std::shared_ptr<Plain> nothing; // which is counted all the same
};

// A ring, of which only a pointer to a member is held.
static void hold_member(State &state, int i)
{
	auto leaf = std::make_shared<Leaf>();

	leaf->children.push_back(leaf);
	state.raw.push_back(leaf.get());
	state.members[i] = std::shared_ptr<std::string>(leaf, &leaf->name);
}

static void fill(State &state)
{
	state.root = std::make_shared<Leaf>();
	for (int i = 0; i < 20; i++) {
		std::shared_ptr<Leaf> leaf(new Leaf);

		leaf->parent = state.root;
		state.root->children.push_back(leaf);
		state.raw.push_back(leaf.get());
		state.weak.push_back(leaf);
		hold_member(state, i);
	}
	// what the shared pointer has is another's
	state.owner = std::make_unique<Plain>();
	state.owner->next = std::make_shared<Plain>();
	{
		std::shared_ptr<Plain> none(state.owner.get(), [](Plain *) {});
		auto ring = std::make_shared<Plain>();

		none->next->next = std::make_shared<Plain>();
		state.borrowed = none;
		ring->next = ring;
		state.plains.push_back(ring.get());
		state.call = [ring] {};
	}
	state.converted = std::make_unique<Plain>();
	state.converted->next = state.converted;
	state.plains.push_back(state.converted.get());
	state.nameless = std::make_shared<Plain>();
	state.array = std::shared_ptr<Plain[]>(new Plain[3]);
	state.nothing = std::shared_ptr<Plain>(static_cast<Plain *>(nullptr));
	state.array[1].next = std::make_shared<Plain>();
}

static State *kept[4];

int main()
{
	std::vector<std::thread> threads;

	for (auto &state : kept)
		threads.emplace_back([&state] {
			state = new State;
			fill(*state);
		});
	for (auto &thread : threads)
		thread.join();
	puts("expect nothing");
	return 0;
}
