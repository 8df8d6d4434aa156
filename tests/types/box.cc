/* Names that compilers and the demangler write in different ways. For
 * tests/unit/types-spread.c. */
#include <utility>

namespace app
{
enum class Color { Red, Green };
template <class T> struct Box {
	virtual ~Box() {}
	T *value = nullptr;
	Box *next = nullptr;
};
template <unsigned long N, bool B, Color C> struct Sized {
	virtual ~Sized() {}
	Sized *next[N];
};
}
template struct app::Box<const char *>;
template struct app::Box<unsigned long>;
template struct app::Box<std::pair<const int, unsigned short>>;
template struct app::Sized<2, true, app::Color::Green>;

int main()
{
	app::Box<const char *> a;
	app::Box<unsigned long> b;
	app::Box<std::pair<const int, unsigned short>> c;
	app::Sized<2, true, app::Color::Green> d;

	return (a.next || b.next || c.next) && d.next[0];
}
