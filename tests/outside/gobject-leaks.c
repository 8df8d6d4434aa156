/* Mistakes that programs make with GObject, each ten times, and their cures:
 * gobject-leaks MISTAKE [cured]. The prototypes are here, so that GLib's
 * libraries are enough. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void function(void);
typedef struct node {
	void *data;
	struct node *next, *prev;
} list;

void *g_cancellable_new(void), *g_object_ref(void *);
void g_object_unref(void *), *g_object_get_data(void *, const char *);
void g_object_set_data_full(void *, const char *, void *, function *);
void g_object_add_weak_pointer(void *, void **);
void g_object_remove_weak_pointer(void *, void **);
void g_weak_ref_init(void *, void *), g_weak_ref_clear(void *);
unsigned long g_signal_connect_data(void *, const char *, function *, void *,
				    function *, int);
unsigned long g_signal_connect_object(void *, const char *, function *, void *,
				      int);
void *g_task_new(void *, void *, function *, void *);
void *g_file_new_for_path(const char *), *g_object_new(size_t, void *, ...);
void *g_file_enumerate_children(void *, const char *, int, void *, void **);
void *g_file_enumerator_next_file(void *, void *, void **);
void *g_socket_new(int, int, int, void **);
void *g_simple_action_group_new(void);
void *g_simple_action_new(const char *, void *);
void g_action_map_add_action(void *, void *);
void *g_object_bind_property(void *, const char *, void *, const char *, int);
void *g_main_context_new(void), *g_main_context_default(void);
void g_main_context_unref(void *), g_source_unref(void *);
void g_source_destroy(void *),
	g_source_set_callback(void *, function *, void *, function *);
void *g_timeout_source_new(unsigned), *g_source_new(void *, unsigned);
unsigned g_source_attach(void *, void *);
void g_source_add_child_source(void *, void *);
void *g_param_spec_boolean(const char *, const char *, const char *, int, int);
void *g_param_spec_ref_sink(void *);
void g_param_spec_unref(void *);
unsigned g_quark_from_string(const char *);
void *g_hash_table_new(void *, void *);
int g_hash_table_insert(void *, void *, void *);
void g_hash_table_unref(void *);
void *g_main_loop_new(void *, int), *g_bytes_new(const void *, size_t);
void g_main_loop_unref(void *), g_bytes_unref(void *);
void g_object_add_toggle_ref(void *, function *, void *);
void g_object_remove_toggle_ref(void *, function *, void *);
list *g_list_prepend(list *, void *);
void g_list_free(list *), g_list_free_full(list *, function *);

static int cured;
static void *volatile kept[10];
static void *pointer[10], *weak[10];
static void *contexts[2], *volatile tables[10];

static void on(void)
{
}

static void drop(void *data, void *closure)
{
	(void)closure;
	g_object_unref(data);
}

static void forget(void *object)
{
	if (cured)
		g_object_unref(object);
}

static void handler(int i)
{
	void *c = g_cancellable_new();

	(void)i;
	g_signal_connect_data(c, "notify::x", on, NULL, NULL, 0);
	forget(c);
}

/* its own handler owns it */
static void itself(int i)
{
	void *c = g_cancellable_new();

	(void)i;
	if (cured)
		g_signal_connect_data(c, "notify", on, c, NULL, 0);
	else
		g_signal_connect_data(c, "notify", on, g_object_ref(c),
				      (function *)drop, 0);
	g_object_unref(c);
}

/* what it owns has a handler that owns it */
static void owner(int i)
{
	void *group = g_simple_action_group_new();
	void *action = g_simple_action_new("save", NULL);

	(void)i;
	g_object_set_data_full(group, "action", action,
			       (function *)g_object_unref);
	if (cured)
		g_signal_connect_object(action, "activate", on, group, 0);
	else
		g_signal_connect_data(action, "activate", on,
				      g_object_ref(group),
				      (function *)g_object_unref, 0);
	g_object_unref(group);
}

/* who connects in the right way is forgotten for another reason */
static void object(int i)
{
	void *action = g_simple_action_new("save", NULL);
	void *c = g_cancellable_new();

	(void)i;
	g_signal_connect_object(action, "activate", on, c, 0);
	g_object_set_data_full(c, "action", action, (function *)g_object_unref);
	forget(c);
}

/* udisks #324 */
static void task(int i)
{
	void *c = g_cancellable_new();

	(void)i;
	forget(g_task_new(c, NULL, NULL, NULL));
	g_object_unref(c);
}

static void children(int i)
{
	list *all = g_list_prepend(NULL, g_cancellable_new());

	(void)i;
	g_signal_connect_data(all->data, "notify", on, NULL, NULL, 0);
	if (cured)
		g_list_free_full(all, (function *)g_object_unref);
	else
		g_list_free(all);
}

/* AppStream #193 */
static void enumerator(int i)
{
	static void *file;
	void *all, *info;

	(void)i;
	if (!file)
		file = g_file_new_for_path("/usr");
	all = g_file_enumerate_children(file, "standard::name", 0, NULL, NULL);
	info = g_file_enumerator_next_file(all, NULL, NULL);
	forget(info);
	g_object_unref(all);
}

static void opened(int i)
{
	(void)i;
	forget(g_socket_new(2, 1, 0, NULL));
}

/* what only those know that own nothing */
static void weakly(int i)
{
	void *c = g_cancellable_new();

	pointer[i] = c;
	g_object_add_weak_pointer(c, &pointer[i]);
	g_weak_ref_init(&weak[i], c);
	forget(c);
}

static void bound(int i)
{
	void *a = g_simple_action_new("a", NULL);
	void *b = g_simple_action_new("b", NULL);

	(void)i;
	g_object_bind_property(a, "enabled", b, "enabled", 0);
	g_object_unref(b);
	forget(a);
}

/* never attached */
static void source(int i)
{
	void *s = g_timeout_source_new(1000000);

	(void)i;
	if (cured)
		g_source_unref(s);
}

/* the context that it is attached to only knows it until it is freed */
static void destroyed(int i)
{
	void *s = g_timeout_source_new(1000000);

	(void)i;
	g_source_set_callback(s, on, g_cancellable_new(),
			      (function *)g_object_unref);
	g_source_attach(s, g_main_context_default());
	g_source_destroy(s);
	if (cured)
		g_source_unref(s);
}

/* a list of GLib's has all contexts, and each has sources that know it */
static void context(int i)
{
	void *context = g_main_context_new(), *s[3];
	int k;

	(void)i;
	for (k = 0; k < 3; k++) {
		s[k] = g_timeout_source_new(1000000);
		g_source_set_callback(s[k], on, g_cancellable_new(),
				      (function *)g_object_unref);
		g_source_attach(s[k], context);
	}
	for (k = 0; k < 3; k++)
		g_source_unref(s[k]);
	if (cured)
		g_main_context_unref(context);
}

/* a source owns who has it */
static void callback(int i)
{
	void *c = g_cancellable_new(), *s = g_timeout_source_new(1000000);

	(void)i;
	g_object_set_data_full(c, "source", s, (function *)g_source_unref);
	if (cured)
		g_source_set_callback(s, on, c, NULL);
	else
		g_source_set_callback(s, on, g_object_ref(c),
				      (function *)g_object_unref);
	g_object_unref(c);
}

/* a source only knows who has it, which is forgotten for another reason */
static void borrowed(int i)
{
	void *c = g_cancellable_new(), *s = g_timeout_source_new(1000000);

	(void)i;
	g_object_set_data_full(c, "source", s, (function *)g_source_unref);
	g_source_set_callback(s, on, c, NULL);
	forget(c);
}

static void loop(int i)
{
	void *loop = g_main_loop_new(NULL, 0);

	(void)i;
	if (cured)
		g_main_loop_unref(loop);
}

static void bytes(int i)
{
	void *bytes = g_bytes_new("bytes", 6);

	(void)i;
	if (cured)
		g_bytes_unref(bytes);
}

/* a table of pointers, some with tags */
static void *table_new(void)
{
	void *table = g_hash_table_new(NULL, NULL);
	int i;

	for (i = 0; i < 20; i++)
		g_hash_table_insert(table, (char *)malloc(40) + i % 4,
				    malloc(50));
	return table;
}

static void table(int i)
{
	void *table = g_hash_table_new(NULL, NULL);

	(void)i;
	if (cured)
		g_hash_table_unref(table);
}

/* The arrays of a table come to lie where words were before. */
static void unused(int i)
{
	static char members[20];
	void *volatile *old[48], *volatile lost = calloc(1, 72);
	unsigned k, n, size;

	for (n = 0; n < 48; n++) {
		size = 64u << n % 4;
		old[n] = malloc(size);
		for (k = 0; k < size / 8; k++)
			old[n][k] = lost;
	}
	while (n--)
		free((void *)old[n]);
	if (!tables[i])
		tables[i] = g_hash_table_new(NULL, NULL);
	for (k = 0; k + 1 < sizeof members; k++)
		g_hash_table_insert(tables[i], members + k, members + k + 1);
	if (cured)
		free(lost);
}

/* of a property that no class has */
static void parameter(int i)
{
	void *spec = g_param_spec_ref_sink(
		g_param_spec_boolean("parameter", NULL, NULL, 0, 1));

	(void)i;
	g_object_unref(g_cancellable_new());
	if (cured)
		g_param_spec_unref(spec);
}

/* whoever stands for an object elsewhere has a toggle reference on it */
static void toggled(int i)
{
	void **proxy = malloc(24), *c = g_cancellable_new();

	(void)i;
	proxy[0] = c;
	g_object_add_toggle_ref(c, on, proxy);
	g_object_unref(c);
	if (cured) {
		g_object_remove_toggle_ref(c, on, proxy);
		free(proxy);
	}
}

static void live_sources(int i)
{
	void *to = g_simple_action_new("bound", NULL);

	void *parent = g_timeout_source_new(1000000 + i);
	void *child = g_timeout_source_new(1000000), *proxy;

	g_source_set_callback(parent, on, g_cancellable_new(),
			      (function *)g_object_unref);
	g_source_set_callback(child, on, g_cancellable_new(), NULL);
	g_source_attach(parent, contexts[i % 2]);
	g_source_add_child_source(parent, child);
	g_source_unref(parent);
	g_source_unref(child);
	tables[i] = table_new();
	g_object_bind_property(g_object_get_data(kept[i], "action"), "enabled",
			       to, "enabled", 0);
	g_object_set_data_full(kept[i], "bound", to, NULL);
	proxy = calloc(1, 24);
	g_object_set_data_full(kept[i], "bytes", g_bytes_new("bytes", 6),
			       (function *)g_bytes_unref);
	g_object_add_toggle_ref(kept[i], on, proxy);
}

/* GLib's array of their names grows, and it keeps the old one */
static void many_quarks(void)
{
	char name[32];
	int i;

	for (i = 0; i < 5000; i++) {
		snprintf(name, sizeof name, "quark-%d", i);
		g_quark_from_string(name);
	}
}

/* lives, and is as entangled as can be */
static void live(int i)
{
	kept[i] = g_cancellable_new();
	g_signal_connect_data(kept[i], "notify", on, g_object_ref(kept[i]),
			      (function *)drop, 0);
	g_signal_connect_data(kept[i], "cancelled", on, g_cancellable_new(),
			      NULL, 0);
	g_object_set_data_full(kept[i], "action",
			       g_simple_action_new("save", NULL), NULL);
	g_signal_connect_object(g_object_get_data(kept[i], "action"),
				"activate", on, kept[i], 0);
	live_sources(i);
	many_quarks();
}

static const struct {
	const char *name;
	void (*make)(int i);
} mistakes[] = {
	{"handler", handler},
	{"itself", itself},
	{"owner", owner},
	{"object", object},
	{"task", task},
	{"children", children},
	{"enumerator", enumerator},
	{"opened", opened},
	{"weakly", weakly},
	{"bound", bound},
	{"source", source},
	{"context", context},
	{"destroyed", destroyed},
	{"callback", callback},
	{"borrowed", borrowed},
	{"loop", loop},
	{"bytes", bytes},
	{"toggled", toggled},
	{"table", table},
	{"unused", unused},
	{"parameter", parameter},
	{"live", live},
};

static void clear(void)
{
	char stack[8192];

	memset(stack, 0, sizeof stack);
	__asm__ volatile("" : : "r"(stack) : "memory");
}

/* What a class keeps is made by the first. */
static void make(void (*mistake)(int i), int leaks)
{
	int i;

	cured = 1;
	if (mistake != live)
		mistake(0);
	cured = !leaks;
	for (i = 0; i < 10; i++)
		mistake(i);
}

int main(int argc, char **argv)
{
	size_t i;

	contexts[0] = g_main_context_default();
	contexts[1] = g_main_context_new();
	for (i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		if (!strcmp(argv[1], mistakes[i].name))
			make(mistakes[i].make, argc < 3);
	clear();
	return 0;
}
