// IXWebSocket #157 and #477: a server hands out its connections, and a program
// makes the callback of one keep the connection itself. The list of those to
// whom is written knows them by weak pointers. Mended: the callback does, too.
#include <functional>
#include <memory>
#include <set>
#include <string>

class WebSocket
{
	std::function<void(const std::string &)> on_message_;
	std::string sent_;

      public:
	void on_message(std::function<void(const std::string &)> callback)
	{
		on_message_ = std::move(callback);
	}
	void receive(const std::string &text)
	{
		on_message_(text);
	}
	void send(const std::string &text)
	{
		sent_ += text;
	}
};

static std::set<std::weak_ptr<WebSocket>, std::owner_less<>> all;

__attribute__((noinline)) static void connected(std::weak_ptr<WebSocket> given)
{
	auto socket = given.lock();

	all.insert(given);
#ifdef MENDED
	socket->on_message([given](const std::string &text) {
		if (auto socket = given.lock())
			socket->send(text);
	});
#else
	socket->on_message(
		[socket](const std::string &text) { socket->send(text); });
#endif
}

__attribute__((noinline)) static void serve_one()
{
	auto socket = std::make_shared<WebSocket>();

	connected(socket);
	socket->receive("hello");
}

int main()
{
	for (int i = 0; i < 3; i++)
		serve_one();
}
