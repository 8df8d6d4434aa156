/* Mistakes that programs make with what GLib counts, each ten times, and their
 * cures: glib-leaks MISTAKE [cured]. The prototypes are here, so that GLib's
 * libraries are enough. */
#include <stdlib.h>
#include <string.h>

typedef void function(void);

void *g_ptr_array_new_with_free_func(void (*)(void *)), *g_ptr_array_new(void);
void *g_ptr_array_new_full(unsigned, void (*)(void *)),
	*g_ptr_array_ref(void *);
void g_ptr_array_add(void *, void *), g_ptr_array_unref(void *);
void *g_array_new(int, int, unsigned), *g_array_ref(void *);
void *g_array_append_vals(void *, const void *, unsigned);
void g_array_unref(void *);
void *g_byte_array_new(void),
	*g_byte_array_append(void *, const void *, unsigned);
void g_byte_array_unref(void *);
void *g_variant_new_string(const char *), *g_variant_new_int32(int);
void *g_variant_new_tuple(void *const *, size_t);
void *g_variant_ref_sink(void *), *g_variant_ref(void *);
void *g_variant_get_child_value(void *, size_t);
const void *g_variant_get_data(void *);
void g_variant_unref(void *);
void *g_atomic_rc_box_alloc(size_t), *g_rc_box_alloc(size_t);
void *g_atomic_rc_box_acquire(void *), *g_rc_box_acquire(void *);
void g_atomic_rc_box_release(void *), g_rc_box_release(void *);
void *g_cancellable_new(void), g_object_unref(void *);
unsigned long g_signal_connect_data(void *, const char *, function *, void *,
				    function *, int);
void *g_timeout_source_new(unsigned);
void g_source_set_callback(void *, function *, void *, function *);
void g_source_unref(void *);

static int cured;
static void *volatile kept[10][12];

static void on(void)
{
}

static void pointers(int i)
{
	void *array = g_ptr_array_new_full(4, free);

	(void)i;
	g_ptr_array_add(array, strdup("pointer"));
	g_ptr_array_ref(array);
	if (cured)
		g_ptr_array_unref(array);
	g_ptr_array_unref(array);
}

/* who holds it has one of its two references */
static void twice(int i)
{
	void **holder = calloc(1, 72), *array = g_ptr_array_new();

	kept[i][0] = holder;
	holder[3] = g_ptr_array_ref(array);
	if (cured)
		g_ptr_array_unref(array);
	kept[i][0] = NULL;
	if (cured) {
		g_ptr_array_unref(array);
		free(holder);
	}
}

static void numbers(int i)
{
	void *array = g_array_new(0, 0, sizeof i);

	g_array_append_vals(array, &i, 1);
	g_array_ref(array);
	if (cured)
		g_array_unref(array);
	g_array_unref(array);
}

static void bytes(int i)
{
	void *array = g_byte_array_new();

	(void)i;
	g_byte_array_append(array, "bytes", 5);
	if (cured)
		g_byte_array_unref(array);
}

static void variant(int i)
{
	void *children[2] = {g_variant_new_string("variant"),
			     g_variant_new_int32(i)};
	void *tuple = g_variant_ref_sink(g_variant_new_tuple(children, 2));

	g_variant_ref(tuple);
	if (cured)
		g_variant_unref(tuple);
	g_variant_unref(tuple);
}

static void floating(int i)
{
	void *variant = g_variant_new_int32(i);

	if (cured)
		g_variant_unref(variant);
}

/* the value in a value, which has the bytes of all */
static void child(int i)
{
	void *one = g_variant_new_string("child");
	void *tuple = g_variant_ref_sink(g_variant_new_tuple(&one, 1));
	void *child;

	(void)i;
	g_variant_get_data(tuple);
	child = g_variant_get_child_value(tuple, 0);
	g_variant_unref(tuple);
	if (cured)
		g_variant_unref(child);
}

static void box(int i)
{
	void *box = g_atomic_rc_box_alloc(30);

	(void)i;
	memset(box, 0, 30);
	g_atomic_rc_box_acquire(box);
	if (cured)
		g_atomic_rc_box_release(box);
	g_atomic_rc_box_release(box);
}

static void unshared(int i)
{
	void *box = g_rc_box_alloc(24);

	(void)i;
	memset(box, 0, 24);
	g_rc_box_acquire(box);
	if (cured)
		g_rc_box_release(box);
	g_rc_box_release(box);
}

/* Who only knows the array has no reference. A handler of what is in it does.
 */
static void registered(int i)
{
	void *array = g_ptr_array_new_with_free_func(g_object_unref);
	void *object = g_cancellable_new();

	kept[i][0] = array;
	g_signal_connect_data(object, "notify", on, array,
			      (function *)g_ptr_array_unref, 0);
	if (cured) {
		kept[i][0] = NULL;
		g_object_unref(object);
	} else {
		g_ptr_array_add(array, object);
	}
}

/* live, and as entangled as can be */
static void live(int i)
{
	void **own = (void **)kept[i], *source = g_timeout_source_new(1000000);
	void *children[3] = {g_variant_new_string("live"),
			     g_variant_new_int32(i), NULL};

	own[0] = (char *)g_ptr_array_new() + 1;
	own[1] = g_ptr_array_new_with_free_func(g_array_unref);
	g_ptr_array_add(own[1], g_array_new(1, 1, 24));
	own[2] = source;
	g_source_set_callback(source, on, g_ptr_array_ref(own[1]),
			      (function *)g_ptr_array_unref);
	own[3] = g_variant_ref_sink(g_variant_new_tuple(children, 2));
	own[4] = g_variant_get_child_value(own[3], 0);
	g_variant_get_data(own[3]);
	own[5] = g_variant_get_child_value(own[3], 0);
	own[6] = g_variant_ref(g_variant_get_child_value(own[3], 1));
	own[7] = g_atomic_rc_box_acquire(g_atomic_rc_box_alloc(16));
	own[8] = (char *)g_rc_box_alloc(16) + 8;
	children[0] = g_variant_new_string("tree");
	own[9] = g_variant_new_tuple(children, 1);
	own[10] = g_byte_array_append(g_byte_array_new(), "live", 4);
	own[11] = g_ptr_array_new();
	g_ptr_array_add(own[11], own[11]);
}

static const struct {
	const char *name;
	void (*make)(int i);
} mistakes[] = {
	{"pointers", pointers}, {"twice", twice},
	{"numbers", numbers},	{"bytes", bytes},
	{"variant", variant},	{"floating", floating},
	{"child", child},	{"box", box},
	{"unshared", unshared}, {"registered", registered},
	{"live", live},
};

static void clear(void)
{
	char stack[8192];

	memset(stack, 0, sizeof stack);
	__asm__ volatile("" : : "r"(stack) : "memory");
}

int main(int argc, char **argv)
{
	size_t i, k;

	cured = argc > 2;
	for (i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
		for (k = 0; k < 10 && !strcmp(argv[1], mistakes[i].name); k++)
			mistakes[i].make((int)k);
	clear();
	return 0;
}
