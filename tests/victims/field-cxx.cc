/* What a container holds is a field of its owner, whatever the library has
 * inside. */
#include <map>
#include <memory>
#include <vector>
#include "victim.h"

struct Member;
struct Club {
	long number = 0;
	std::vector<std::shared_ptr<Member>> members;
	std::map<int, std::shared_ptr<Member>> byYear;
	std::unique_ptr<Member> guest;
};
struct Member : std::enable_shared_from_this<Member> {
	std::shared_ptr<Club> club;
	long state = 0;
};

static NOINLINE void make()
{
	auto club = std::make_shared<Club>();
	auto member = std::make_shared<Member>();

	member->club = club;
	club->members.push_back(member);
	club->byYear[1999] = member;
	club->guest.reset(new Member);
	club->guest->club = club;
}

int main()
{
	say("expect cycle count=1 root=* title=Club_⇄_Member parts=2 "
	    "edges=Club.guest>Member,Club.members[0]>Member,"
	    "Club.byYear[0].second>Member,Member.club>Club*2,"
	    "Member.weak_from_this()?Member");
	away(make);
	return 0;
}
