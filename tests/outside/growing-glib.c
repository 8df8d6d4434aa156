/*
 * Programs that grow in GLib's containers, though all is reached: NAME ROUNDS.
 */
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include "gordian.h"

static GHashTable *users;
static GQueue *jobs;
static int number;

static void user_enter(void)
{
	g_hash_table_insert(users, g_strdup_printf("user %d", number),
			    g_malloc0(200));
}

static void job_done(void)
{
	g_queue_push_tail(jobs, g_strdup_printf("job %d", number));
}

static void name_keep(void)
{
	char *name = g_strdup_printf("name %d", number);

	g_intern_string(name);
	g_free(name);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 10, i;

	users = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	jobs = g_queue_new();
	for (; rounds--; gordian_check())
		for (i = 0; i < 500; i++, number++) {
			if (!strcmp(argv[1], "users"))
				user_enter();
			else if (!strcmp(argv[1], "jobs"))
				job_done();
			else
				name_keep();
		}
	return 0;
}
