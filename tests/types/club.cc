/* Types of C++, for tests/unit/types.c: what the standard library has inside
 * of them is not shown. */
#include <array>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>
#if __cplusplus >= 201703L
#include <any>
#include <optional>
#include <variant>
#endif

namespace app
{
struct Member;
struct Named {
	std::string name;
	Member *first = nullptr;
};
struct Base {
	virtual ~Base() {}
	Base *parent = nullptr, *d = nullptr;
};
template <class T> struct RefPtr {
	T *pointer = nullptr;
};

struct Club : Base, Named {
	Club *d = nullptr; /* as its base's */
	std::vector<std::shared_ptr<Member>> members;
	std::vector<Member *> raw;
	std::list<std::shared_ptr<Member>> list;
	std::forward_list<std::weak_ptr<Member>> forward;
	std::map<int, std::shared_ptr<Member>> map;
	std::set<Member *> set;
	std::unordered_map<std::string, std::shared_ptr<Member>> table;
	std::unordered_set<Member *> hashed;
	std::deque<std::weak_ptr<Member>> deque;
	std::tuple<int, std::shared_ptr<Member>> tuple;
	std::pair<std::shared_ptr<Member>, Member *> pair;
	std::array<std::shared_ptr<Member>, 2> array;
	std::unique_ptr<Member> unique;
	std::unique_ptr<Member[]> several;
	std::function<void()> function;
	RefPtr<Member> counted;
	Member &reference;
	Club(Member &member) : reference(member) {}
};
struct Member : std::enable_shared_from_this<Member> {
	std::shared_ptr<Club> club;
	struct Part {
		Member *whole;
	} part[2];
};
#if __cplusplus >= 201703L
struct Modern {
	std::optional<std::shared_ptr<Member>> optional;
	std::variant<int, std::shared_ptr<Member>> variant;
	std::any any;
};
#endif
namespace
{
struct Hidden {
	Hidden *next;
};
}
}

int main()
{
	auto member = std::make_shared<app::Member>();
	app::Club club(*member);
	app::Hidden hidden = {nullptr};

	member->club = std::shared_ptr<app::Club>(new app::Club(*member));
	club.members.push_back(member);
	club.list.push_back(member);
	club.forward.push_front(member);
	club.map[1] = member;
	club.set.insert(member.get());
	club.table["a"] = member;
	club.hashed.insert(member.get());
	club.deque.push_back(member);
	club.function = [member] {};
#if __cplusplus >= 201703L
	app::Modern modern;
	modern.optional = member;
	modern.variant = member;
	modern.any = member;
#endif
	return hidden.next ? 1 : 0;
}
