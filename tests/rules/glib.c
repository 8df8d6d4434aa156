/* A task that keeps the array in which it stands. Mended: it does not. */
#include <glib.h>

struct task {
	GPtrArray *list;
};

static void task_free(gpointer data)
{
	g_free(data);
}

__attribute__((noinline)) static void enlist(GPtrArray *list)
{
	struct task *task = g_new0(struct task, 1);

#ifndef MENDED
	task->list = g_ptr_array_ref(list);
#endif
	g_ptr_array_add(list, task);
}

int main(void)
{
	for (int i = 0; i < 3; i++) {
		GPtrArray *list = g_ptr_array_new_with_free_func(task_free);

		enlist(list);
		g_ptr_array_unref(list);
		list = NULL;
	}
}
