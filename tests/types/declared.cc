/* Classes of which this file has no more than the name: clang leaves out what
 * an explicit instantiation elsewhere describes. For tests/unit/types.c. */
#include <string>

namespace app
{
struct Missing;
struct Base {
	Base *parent, *d;
};
struct Club : Base {
	std::string name;
	Missing *first;
} club;
}
