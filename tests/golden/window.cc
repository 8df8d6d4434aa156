// A window that nobody deletes, with the private part that every class of such
// a library has, and buttons that point at their parent.
#include <memory>
#include <string>
#include <vector>

namespace ui {

class Widget;

struct WidgetPrivate {
	Widget *q;
	std::string title;
};

class Widget {
public:
	explicit Widget(Widget *parent = nullptr) :
		d(new WidgetPrivate), parent(parent)
	{
		d->q = this;
		if (parent)
			parent->children.emplace_back(this);
	}
	virtual ~Widget() = default;

private:
	std::unique_ptr<WidgetPrivate> d;
	Widget *parent;
	std::vector<std::unique_ptr<Widget>> children;
};

class Button : public Widget {
public:
	using Widget::Widget;
	int clicks = 0;
};

} // namespace ui

int main()
{
	for (int i = 0; i < 2; i++) {
		auto *window = new ui::Widget;

		new ui::Button(window);
		new ui::Button(window);
	}
}
