// the shape of IXWebSocket #224: the callback kept in the socket captures it
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
namespace ix
{
struct Message {
	std::string str;
};
struct ConnectionState {
	std::string id = "connection 17 of this process";
	bool terminated = false;
};
class Transport
{
      public:
	std::function<void(int)> onClose;
	std::string rx = std::string(200, 'r');
};
class WebSocket
{
	std::string url_;
	Transport ws_;
	std::function<void(const Message &)> onMessageCallback_;

      public:
	void setOnMessageCallback(std::function<void(const Message &)> f)
	{
		onMessageCallback_ = std::move(f);
	}
	void dispatch(const Message &m)
	{
		if (onMessageCallback_)
			onMessageCallback_(m);
	}
	int sent = 0;
	void send(const std::string &s)
	{
		sent += (int)s.size();
	}
};
class WebSocketServer
{
	std::mutex m_;
	std::set<std::shared_ptr<WebSocket>> clients_;
	std::function<void(std::shared_ptr<WebSocket>,
			   std::shared_ptr<ConnectionState>)>
		cb_;

      public:
	void setOnConnectionCallback(decltype(cb_) f)
	{
		cb_ = std::move(f);
	}
	void handleConnection()
	{
		auto ws = std::make_shared<WebSocket>();
		auto st = std::make_shared<ConnectionState>();
		{
			std::lock_guard<std::mutex> l(m_);
			clients_.insert(ws);
		}
		cb_(ws, st);
		ws->dispatch({"hello"});
		std::lock_guard<std::mutex> l(m_);
		clients_.erase(ws);
	}
};
} // namespace ix
int main()
{
	ix::WebSocketServer server;
	server.setOnConnectionCallback(
		[](std::shared_ptr<ix::WebSocket> webSocket,
		   std::shared_ptr<ix::ConnectionState> state) {
			webSocket->setOnMessageCallback(
				[webSocket, state](const ix::Message &m) {
					if (!state->terminated)
						webSocket->send(m.str);
				});
		});
	for (int i = 0; i < 5; i++)
		server.handleConnection();
}
