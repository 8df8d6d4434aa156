/*
 * Types whose tp_traverse does what it must not. Each object may hold another
 * one, which its tp_traverse does not visit.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdlib.h>
#include <structmember.h>
#include <unistd.h>

struct hostile {
	PyObject_HEAD PyObject *held;
};

static jmp_buf away;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static PyObject *other;
static volatile uintptr_t sum;

static int crash(PyObject *self, visitproc visit, void *arg)
{
	*(volatile int *)16 = 1;
	return 0;
}

static int stop(PyObject *self, visitproc visit, void *arg)
{
	abort();
}

static int spin(PyObject *self, visitproc visit, void *arg)
{
	for (;;)
		sum++;
}

static int spin_visiting(PyObject *self, visitproc visit, void *arg)
{
	for (;;)
		visit(other, arg);
}

static int recurse(PyObject *self, visitproc visit, void *arg)
{
	volatile char room[4096];

	room[sum % sizeof room] = 1;
	return recurse(self, visit, arg) + room[sum % sizeof room];
}

static int wait_for_lock(PyObject *self, visitproc visit, void *arg)
{
	return pthread_mutex_lock(&lock);
}

static int allocate(PyObject *self, visitproc visit, void *arg)
{
	for (;;)
		memset(malloc(1 << 20), 1, 1 << 20);
}

static int jump(PyObject *self, visitproc visit, void *arg)
{
	longjmp(away, 1);
}

static int touch_file(PyObject *self, visitproc visit, void *arg)
{
	return close(open("touched", O_CREAT | O_WRONLY, 0600));
}

static int leave(PyObject *self, visitproc visit, void *arg)
{
	_exit(9);
}

static int divide(PyObject *self, visitproc visit, void *arg)
{
	fork();
	return touch_file(self, visit, arg);
}

static int visit_nothing_there(PyObject *self, visitproc visit, void *arg)
{
	return visit((PyObject *)0x123456789a0, arg);
}

static int visit_null(PyObject *self, visitproc visit, void *arg)
{
	return visit(NULL, arg);
}

static int visit_middle(PyObject *self, visitproc visit, void *arg)
{
	return visit((PyObject *)((char *)other + 8), arg);
}

static int visit_too_often(PyObject *self, visitproc visit, void *arg)
{
	int i;

	for (i = 0; i < 99; i++)
		visit(other, arg);
	return 0;
}

static void dealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);

	PyObject_GC_UnTrack(self);
	Py_CLEAR(((struct hostile *)self)->held);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyMemberDef members[] = {
	{"held", T_OBJECT, offsetof(struct hostile, held), 0, NULL}, {NULL}};

static const struct {
	const char *name;
	traverseproc traverse;
} types[] = {
	{"hostile.Crash", crash},
	{"hostile.Stop", stop},
	{"hostile.Spin", spin},
	{"hostile.SpinVisiting", spin_visiting},
	{"hostile.Recurse", recurse},
	{"hostile.WaitForLock", wait_for_lock},
	{"hostile.Allocate", allocate},
	{"hostile.Jump", jump},
	{"hostile.TouchFile", touch_file},
	{"hostile.Leave", leave},
	{"hostile.Divide", divide},
	{"hostile.VisitNothingThere", visit_nothing_there},
	{"hostile.VisitNull", visit_null},
	{"hostile.VisitMiddle", visit_middle},
	{"hostile.VisitTooOften", visit_too_often},
};
#define TYPES (sizeof types / sizeof *types)

static PyObject *make(size_t i)
{
	PyType_Slot slots[] = {{Py_tp_traverse, (void *)types[i].traverse},
			       {Py_tp_dealloc, (void *)dealloc},
			       {Py_tp_members, members},
			       {0, NULL}};
	PyType_Spec spec = {types[i].name, sizeof(struct hostile), 0,
			    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};

	return PyType_FromSpec(&spec);
}

/* Calls a function. When somebody jumps here, a file tells of it. */
static PyObject *call(PyObject *module, PyObject *function)
{
	if (setjmp(away))
		touch_file(NULL, NULL, NULL);
	return PyObject_CallObject(function, NULL);
}

static PyMethodDef methods[] = {{"call", call, METH_O, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "hostile", NULL, -1,
				    methods};

PyMODINIT_FUNC PyInit_hostile(void)
{
	PyObject *new = PyModule_Create(&module), *list = PyList_New(0);
	size_t i;

	pthread_mutex_lock(&lock);
	other = PyList_New(0);
	for (i = 0; i < TYPES; i++)
		PyList_Append(list, make(i));
	PyModule_AddObject(new, "types", list);
	return new;
}
