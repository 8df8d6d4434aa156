// supercell-wx #392: a callback with the item's shared_ptr bound to it
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
namespace scwx
{
namespace gl
{
struct GeoLineDrawItem {
	float width = 1;
	std::function<void(std::shared_ptr<GeoLineDrawItem> &)> hover_;
	std::function<void()> event_;
	std::string text_ = "Tornado Warning until 9 pm today";
};
struct GeoLines {
	std::vector<std::shared_ptr<GeoLineDrawItem>> newLineList_;
	std::shared_ptr<GeoLineDrawItem> AddLine()
	{
		return newLineList_.emplace_back(
			std::make_shared<GeoLineDrawItem>());
	}
	void StartLines()
	{
		newLineList_.clear();
	}
	void SetEvent(const std::shared_ptr<GeoLineDrawItem> &di,
		      const std::function<void()> &f)
	{
		di->event_ = f;
	}
};
} // namespace gl
namespace map
{
class AlertLayer
{
	std::shared_ptr<gl::GeoLines> lines_ = std::make_shared<gl::GeoLines>();
	std::unordered_map<int, int> seen_;

      public:
	void Handle(std::shared_ptr<gl::GeoLineDrawItem> di, int n)
	{
		seen_[n]++;
		di->width++;
	}
	void AddLine(int n)
	{
		auto di = lines_->AddLine();
		lines_->SetEvent(di,
				 std::bind(&AlertLayer::Handle, this, di, n));
	}
	void Update()
	{
		lines_->StartLines();
		for (int i = 0; i < 3; i++)
			AddLine(i);
		lines_->StartLines();
	}
};
} // namespace map
} // namespace scwx
int main()
{
	scwx::map::AlertLayer l;
	l.Update();
	l.Update();
}
