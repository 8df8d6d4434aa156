// A widget that calls back, and one that keeps an object, bound by pybind11.
#include <functional>
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>

namespace {
struct Button {
	std::function<void()> clicked;
};
struct Label {
	pybind11::object data;
};
} // namespace

PYBIND11_MODULE(bound, m)
{
	pybind11::class_<Button>(m, "Button", pybind11::dynamic_attr())
		.def(pybind11::init<>())
		.def_readwrite("clicked", &Button::clicked);
	pybind11::class_<Label>(m, "Label")
		.def(pybind11::init<>())
		.def_readwrite("data", &Label::data);
}
