/* FreeIPA #7187, verification of a PAC: what is copied of a buffer lies in a
 * context of its own, which nobody frees. Mended: it is. */
#include <string.h>
#include <talloc.h>

__attribute__((noinline)) static size_t buffer_copy(const char *data)
{
	void *context = talloc_new(NULL);
	char **names = talloc_array(context, char *, 2);
	size_t n;

	names[0] = talloc_strdup(names, data);
	names[1] = talloc_strdup(names, data);
	n = strlen(names[0]) + strlen(names[1]);
#ifdef MENDED
	talloc_free(context);
#endif
	return n;
}

int main(void)
{
	size_t n = 0;

	for (int i = 0; i < 3; i++)
		n += buffer_copy("PAC_UPN_DNS_INFO");
	return n != 96;
}
