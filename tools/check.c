#include "tool.h"
int check_main(const struct settings *s, char **o)
{
	(void)s;
	(void)o;
	return 0;
}
