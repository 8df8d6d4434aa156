// drake #23930: a system keeps what it is to call at each event, a method of
// the Python object that it belongs to, where Python's collector does not look.
// Mended, as there: the system borrows it, and the Python object keeps it.
#include <functional>
#include <vector>
#include <pybind11/pybind11.h>

namespace py = pybind11;

class LeafSystem {
public:
	void DeclarePeriodicPublishEvent(std::function<void()> publish)
	{
		events.push_back(publish);
	}

	void Publish()
	{
		for (auto &publish : events)
			publish();
	}

private:
	std::vector<std::function<void()>> events;
};

static void declare(py::object self, py::object publish)
{
	auto &system = self.cast<LeafSystem &>();

	system.DeclarePeriodicPublishEvent([publish] { publish(); });
}

static void declare_mended(py::object self, py::object publish)
{
	auto &system = self.cast<LeafSystem &>();
	py::handle borrowed = publish;

	self.attr("_kept") = publish;
	system.DeclarePeriodicPublishEvent([borrowed] { borrowed(); });
}

PYBIND11_MODULE(pydrake, m)
{
	py::class_<LeafSystem>(m, "LeafSystem")
		.def(py::init<>())
		.def("declare_periodic_publish_event", declare)
		.def("declare_periodic_publish_event_mended", declare_mended)
		.def("publish", &LeafSystem::Publish);
}
