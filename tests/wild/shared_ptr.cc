// celeritas #748: a registry owns its actions, and one of them owns the
// registry. Mended: it knows it by a weak_ptr.
#include <memory>
#include <string>
#include <vector>

struct Action {
	virtual ~Action() = default;
};

class ActionRegistry
{
	std::vector<std::shared_ptr<Action>> actions_;

      public:
	void insert(std::shared_ptr<Action> action)
	{
		actions_.push_back(std::move(action));
	}
};

class ActionDiagnostic : public Action
{
#ifdef MENDED
	std::weak_ptr<ActionRegistry> registry_;
#else
	std::shared_ptr<ActionRegistry> registry_;
#endif

      public:
	explicit ActionDiagnostic(std::shared_ptr<ActionRegistry> registry)
	    : registry_(std::move(registry))
	{
	}
};

static std::vector<ActionRegistry *> all; // names for messages: owns nothing

__attribute__((noinline)) static void make_problem()
{
	auto registry = std::make_shared<ActionRegistry>();

	registry->insert(std::make_shared<Action>());
	registry->insert(std::make_shared<ActionDiagnostic>(registry));
	all.push_back(registry.get());
}

int main()
{
	for (int i = 0; i < 3; i++)
		make_problem();
}
