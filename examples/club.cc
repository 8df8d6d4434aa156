/*
 * A membership list with a leak that no pointer check finds. A club holds its
 * members and each member its club, by std::shared_ptr. When main() lets go of
 * a club, each member still holds it, and it holds the members: nobody is
 * freed. The cure is one line: make Member::club a std::weak_ptr<Club>.
 *
 * g++ -g -O1 club.cc -o club
 * gordian run ./club
 */
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace app {

struct Club;

struct Member {
	std::string name;
	std::shared_ptr<Club> club;
};

struct Club {
	std::string name;
	std::vector<std::shared_ptr<Member>> members;
};

static void join(const std::shared_ptr<Club> &club, const char *name)
{
	auto member = std::make_shared<Member>();

	member->name = name;
	member->club = club;
	club->members.push_back(member);
}

static std::shared_ptr<Club> found_club(const char *name)
{
	auto club = std::make_shared<Club>();

	club->name = name;
	join(club, "Ada");
	join(club, "Grace");
	return club;
}

} /* namespace app */

int main()
{
	static const char *const names[] = {"chess", "rowing", "choir"};

	for (const char *name : names) {
		auto club = app::found_club(name);

		std::cout << club->name << ": " << club->members.size()
			  << " members\n";
	}
}
