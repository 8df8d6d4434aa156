/* libnetconf2 #398: an array of bindings with an element each, whose table is
 * dropped */
#include <stdlib.h>
#include <string.h>
struct bind {
	char *address;
	unsigned short port;
	int sock;
	char *hostname;
};
struct client_opts {
	struct bind *ch_binds;
	struct {
		int ti;
	} * ch_bind_ti;
	unsigned ch_bind_count;
};
static __thread struct client_opts client_opts;
static void *nc_realloc(void *p, size_t n)
{
	void *r = realloc(p, n);
	if (!r)
		free(p);
	return r;
}
static int nc_client_ch_add_bind_listen(const char *address,
					unsigned short port)
{
	client_opts.ch_bind_count++;
	client_opts.ch_binds = nc_realloc(client_opts.ch_binds,
					  client_opts.ch_bind_count *
						  sizeof *client_opts.ch_binds);
	client_opts.ch_bind_ti = nc_realloc(
		client_opts.ch_bind_ti,
		client_opts.ch_bind_count * sizeof *client_opts.ch_bind_ti);
	struct bind *b = &client_opts.ch_binds[client_opts.ch_bind_count - 1];
	memset(b, 0, sizeof *b);
	b->address = strdup(address);
	b->port = port;
	client_opts.ch_bind_ti[client_opts.ch_bind_count - 1].ti = 1;
	return 0;
}
static void nc_client_ch_del_bind(void)
{
	for (unsigned i = 0; i < client_opts.ch_bind_count; i++)
		free(client_opts.ch_binds[i].address);
	free(client_opts.ch_binds);
	client_opts.ch_binds = NULL;
	client_opts.ch_bind_ti = NULL;
	client_opts.ch_bind_count = 0;
}
int main(void)
{
	for (int i = 0; i < 3; i++) {
		nc_client_ch_add_bind_listen("127.0.0.1", 830);
		nc_client_ch_del_bind();
	}
	return 0;
}
