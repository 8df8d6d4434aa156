/*
 * A type whose tp_traverse changes the object: a block of C memory, which holds
 * a string, is replaced by a new one. PyGObject's does so.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

#define BYTES 600

struct notes {
	PyObject *text;
};
struct lazy {
	PyObject_HEAD struct notes *notes;
};

static int lazy_traverse(PyObject *self, visitproc visit, void *arg)
{
	struct lazy *lazy = (struct lazy *)self;
	struct notes *new = calloc(1, BYTES);

	*new = *lazy->notes;
	memset(lazy->notes, 0, BYTES);
	free(lazy->notes);
	lazy->notes = new;
	return 0;
}

static PyObject *lazy_new(PyTypeObject *type, PyObject *args, PyObject *words)
{
	struct lazy *lazy = (struct lazy *)type->tp_alloc(type, 0);

	lazy->notes = calloc(1, BYTES);
	lazy->notes->text = PyUnicode_FromFormat("text of %p", lazy);
	return (PyObject *)lazy;
}

static PyType_Slot slots[] = {{Py_tp_traverse, (void *)lazy_traverse},
			      {Py_tp_new, (void *)lazy_new},
			      {0, NULL}};
static PyType_Spec spec = {"lazy.Lazy", sizeof(struct lazy), 0,
			   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, slots};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "lazy", NULL, -1,
				    NULL};

PyMODINIT_FUNC PyInit_lazy(void)
{
	PyObject *new = PyModule_Create(&module);

	PyModule_AddObject(new, "Lazy", PyType_FromSpec(&spec));
	return new;
}
