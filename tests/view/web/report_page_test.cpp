#include "view/web/report_page.hpp"

#include <gtest/gtest.h>

#include "view/web/page.hpp"

namespace weir::view {
namespace {

std::string data_in(const std::string& page) {
  const std::string begin = "id=\"weir-data\">";
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find("</script>", from) - from);
}

TEST(ReportPage, HoldsWhatItShows) {
  const nlohmann::ordered_json data = {{"mode", "report"}, {"run", {{"pipeline", "images"}}}};
  EXPECT_EQ(nlohmann::ordered_json::parse(data_in(report_page(data))), data);
}

TEST(ReportPage, NoTextEndsItsScript) {
  const nlohmann::ordered_json data = {{"run", "</script><script>alert(1)</script><!--"}};
  const std::string page = report_page(data);
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(nlohmann::ordered_json::parse(data_in(page)), data);
}

TEST(ReportPage, AsksForNothing) {
  const std::string page = report_page({{"mode", "report"}});
  EXPECT_EQ(page.find("src=\"/"), std::string::npos);
  EXPECT_EQ(page.find("href=\"/page"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'; script-src 'sha256-"), std::string::npos);
  EXPECT_EQ(page.find("unsafe-inline"), std::string::npos);
}

TEST(ReportPage, ReplacesWhatIsNotUtf8) {
  EXPECT_NE(report_page({{"run", "\xff"}}).find("\xef\xbf\xbd"), std::string::npos);
}

TEST(Page, NothingInItEndsItsScript) {
  EXPECT_EQ(page_js().find("</script"), std::string_view::npos);
  EXPECT_EQ(page_css().find("</style"), std::string_view::npos);
}

}  // namespace
}  // namespace weir::view
