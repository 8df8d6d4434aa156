/*
 * What extensions do wrong: a reference too many, a type that keeps an object
 * of which the collector does not know. And memory that looks like objects, and
 * is none.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <structmember.h>

struct keeper {
	PyObject_HEAD PyObject *kept;
};

static uintptr_t *volatile old[4]; /* into blocks */

/* Returns its argument, and forgets that the caller gets a reference. */
static PyObject *take(PyObject *module, PyObject *object)
{
	Py_INCREF(object);
	Py_INCREF(object);
	return object;
}

static uintptr_t *make_old(PyTypeObject *type)
{
	uintptr_t *words = malloc(168);
	int i;

	for (i = 0; i < 21; i++)
		words[i] = (uintptr_t)Py_None;
	words[1] = (uintptr_t)type;
	return words;
}

/* What was freed and is in use again: glibc's link, and a type; a count, and no
 * text. */
static PyObject *keep_old(PyObject *module, PyObject *none)
{
	int i;

	for (i = 0; i < 4; i++) {
		uintptr_t *words =
			make_old(i % 2 ? &PyUnicode_Type : &PyLong_Type);

		words[0] = i < 3 ? (uintptr_t)words >> 12 : 5;
		old[i] = words + 3;
	}
	Py_RETURN_NONE;
}

static void dealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);

	Py_CLEAR(((struct keeper *)self)->kept);
	type->tp_free(self);
	Py_DECREF(type);
}

static PyMemberDef members[] = {
	{"kept", T_OBJECT, offsetof(struct keeper, kept), 0, NULL},
	{NULL},
};

static PyType_Slot slots[] = {
	{Py_tp_dealloc, (void *)dealloc},
	{Py_tp_members, members},
	{0, NULL},
};

static PyType_Spec spec = {"mistakes.Keeper", sizeof(struct keeper), 0,
			   Py_TPFLAGS_DEFAULT, slots};

static PyMethodDef methods[] = {
	{"take", take, METH_O, NULL},
	{"keep_old", keep_old, METH_NOARGS, NULL},
	{NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "mistakes", NULL, -1,
				    methods};

PyMODINIT_FUNC PyInit_mistakes(void)
{
	PyObject *new = PyModule_Create(&module);

	PyModule_AddObject(new, "Keeper", PyType_FromSpec(&spec));
	return new;
}
