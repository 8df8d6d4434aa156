// websocketpp #48: client and session hold each other
#include <memory>
#include <string>
#include <vector>
namespace websocketpp
{
class client;
struct handler {
	virtual ~handler()
	{
	}
	virtual void on_open() = 0;
};
typedef std::shared_ptr<handler> handler_ptr;
class client_session : public std::enable_shared_from_this<client_session>
{
      public:
	client_session(std::shared_ptr<client> c, handler_ptr h)
	    : m_client(c), m_handler(h)
	{
	}
	virtual ~client_session()
	{
	}

      private:
	std::shared_ptr<client> m_client;
	handler_ptr m_handler;
	std::vector<char> m_buf = std::vector<char>(512);
	std::string m_uri = "ws://localhost:9000/chat?room=1";
};
typedef std::shared_ptr<client_session> session_ptr;
class client : public std::enable_shared_from_this<client>
{
      public:
	client(handler_ptr h) : m_def_con_handler(h)
	{
	}
	void init()
	{
		m_client_session = session_ptr(new client_session(
			shared_from_this(), m_def_con_handler));
	}

      private:
	handler_ptr m_def_con_handler;
	session_ptr m_client_session;
};
} // namespace websocketpp
struct chat : websocketpp::handler {
	void on_open() override
	{
	}
};
int main()
{
	for (int i = 0; i < 3; i++) {
		websocketpp::handler_ptr h(new chat);
		std::shared_ptr<websocketpp::client> c(
			new websocketpp::client(h));
		c->init();
	}
}
