/* What only a pointer into its middle holds, from memory that is no variable
 * and no stack. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(void)
{
	char **page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		abort();
	page[100] = (char *)malloc(72) + 30;
}
