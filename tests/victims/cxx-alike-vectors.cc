// Buffers of vectors whose elements are of one size. gcc -O2
// makes one function of those that allocate them, and names it after one.
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

struct Apple {
	long weight[5];
	std::shared_ptr<long> tree;
};
struct Pear {
	std::shared_ptr<long> tree;
	long weight[5];
};

// The buffer is lost when the vector is made anew over itself.
template <class T> [[gnu::noinline]] static void lose()
{
	auto *vector = new std::vector<T>(4);

	new (vector) std::vector<T>;
	asm volatile("" ::"r"(vector) : "memory");
}

static void lose_all()
{
	lose<Apple>();
	lose<Pear>();
}

int main()
{
	std::thread(lose_all).join(); // its stack goes
	puts("expect lost count=1 type=std::vector<Apple> root=*");
	puts("expect lost count=1 type=std::vector<Pear> root=*");
	puts("expect lost count=1 type=Apple[4] root=*");
	puts("expect lost count=1 type=Pear[4] root=*");
	return 0;
}
