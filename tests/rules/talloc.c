/* Two contexts that hold references to each other. Mended: one does. */
#include <talloc.h>

__attribute__((noinline)) static void hold(void *holder, void *held)
{
	talloc_reference(holder, held);
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		char *a = talloc_size(NULL, 40), *b = talloc_size(NULL, 40);

		hold(a, b);
#ifndef MENDED
		hold(b, a);
#endif
		talloc_unlink(NULL, b);
		talloc_unlink(NULL, a);
		a = b = NULL;
	}
}
