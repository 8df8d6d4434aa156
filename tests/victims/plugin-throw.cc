/* For cxx-throw-plugin. */
#include <string>
#include "victim.h"

extern "C" {

NOINLINE void throwing(int n)
{
	USE(MALLOC(100));
	throw std::string("something of some length, on the heap ") +
		std::to_string(n);
}

int throw_and_catch(int n)
{
	int caught = 0;

	TIMES (n) {
		try {
			throwing(n);
		} catch (const std::string &what) {
			caught++;
		}
	}
	clobber();
	return caught;
}
}
