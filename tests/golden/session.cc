// A session whose own callback keeps it alive.
#include <functional>
#include <map>
#include <memory>
#include <string>

struct Session {
	std::string user;
	std::map<std::string, std::function<void()>> handlers;
};

static void log_in(const char *user)
{
	auto session = std::make_shared<Session>();

	session->user = user;
	session->handlers["logout"] = [session] { session->user.clear(); };
}

int main()
{
	log_in("ada");
	log_in("grace");
}
