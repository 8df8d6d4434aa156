/* Queues whose elements hold their owner, by a closure or as a member: the
 * owner contains itself. */
#include <deque>
#include <functional>
#include <memory>
#include <queue>
#include "victim.h"

struct Calls {
	std::queue<std::function<void()>> queue_;
};

struct Job {
	std::shared_ptr<struct Jobs> for_;
	int priority;
};

struct Jobs {
	std::deque<Job> queue_;
};

struct Bound {
	std::deque<std::function<void()>> queue_;
};

static void run(std::shared_ptr<Bound>)
{
}

static NOINLINE void calls()
{
	auto calls = std::make_shared<Calls>();

	for (int i = 0; i < 2; i++)
		calls->queue_.push([calls] {});
}

static NOINLINE void jobs()
{
	auto jobs = std::make_shared<Jobs>();

	jobs->queue_.push_back({jobs, 1});
}

static NOINLINE void bound()
{
	auto bound = std::make_shared<Bound>();

	bound->queue_.push_back(std::bind(run, bound));
}

#define EXPECT(type, advice)                                             \
	say("expect cycle count=3 cause=cycle ring=1 root=* title=" type \
	    "_→_" type " advice=" advice)

int main()
{
	EXPECT("Calls", "lambda_in_calls_capture_a_std::weak_ptr<Calls>");
	EXPECT("Jobs", "make_Jobs::queue_[0].for__a_std::weak_ptr<Jobs>");
	EXPECT("Bound",
	       "std::bind()_in_Bound::queue__bind_a_std::weak_ptr<Bound>");
	TIMES(3)
	{
		away(calls);
		away(jobs);
		away(bound);
	}
	return 0;
}
