// drogon #970: requestCallback_ keeps the client that has it
#include <functional>
#include <memory>
#include <string>
#include <deque>
namespace drogon
{
class HttpRequest
{
      public:
	std::string path = "/a/path/that/is/rather/long";
};
using HttpRequestPtr = std::shared_ptr<HttpRequest>;
using WebSocketClientPtr = std::shared_ptr<class WebSocketClient>;
using WebSocketRequestCallback =
	std::function<void(int, const WebSocketClientPtr &)>;
class WebSocketClient
{
      public:
	virtual ~WebSocketClient() = default;
	virtual void connectToServer(const HttpRequestPtr &,
				     const WebSocketRequestCallback &) = 0;
	virtual void stop() = 0;
	static WebSocketClientPtr newWebSocketClient();
};
class WebSocketClientImpl
    : public WebSocketClient,
      public std::enable_shared_from_this<WebSocketClientImpl>
{
      public:
	void connectToServer(const HttpRequestPtr &r,
			     const WebSocketRequestCallback &cb) override
	{
		upgradeRequest_ = r;
		requestCallback_ = cb;
	}
	void stop() override
	{
		upgradeRequest_.reset();
	}

      private:
	HttpRequestPtr upgradeRequest_;
	WebSocketRequestCallback requestCallback_ =
		[](int, const WebSocketClientPtr &) {};
	std::string domain_;
	bool stop_ = false;
};
WebSocketClientPtr WebSocketClient::newWebSocketClient()
{
	return std::make_shared<WebSocketClientImpl>();
}
} // namespace drogon
struct Bridge {
	drogon::WebSocketClientPtr ws;
	int errors = 0;
	void start()
	{
		ws = drogon::WebSocketClient::newWebSocketClient();
		auto self = ws;
		ws->connectToServer(
			std::make_shared<drogon::HttpRequest>(),
			[self, this](int code,
				     const drogon::WebSocketClientPtr &) {
				if (code) {
					errors++;
					self->stop();
				}
			});
	}
	void stop()
	{
		ws->stop();
		ws.reset();
	}
};
int main()
{
	for (int i = 0; i < 4; i++) {
		Bridge b;
		b.start();
		b.stop();
	}
}
