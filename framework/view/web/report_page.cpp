#include "view/web/report_page.hpp"

#include <stdexcept>
#include <string_view>

#include "view/web/page.hpp"

namespace weir::view {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kHead = "<meta charset=\"utf-8\">\n";
constexpr std::string_view kStyle = "<link rel=\"stylesheet\" href=\"/page.css\">";
constexpr std::string_view kScript = "<script src=\"/page.js\"></script>";

/// Nothing but its own script and style, whatever the data should bring with it.
std::string policy() {
  std::string text = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ";
  text.append("script-src 'sha256-").append(page_js_hash()).append("'; ");
  text.append("style-src 'sha256-").append(page_css_hash()).append("'; ");
  return text + "img-src data:; base-uri 'none'; form-action 'none'\">\n";
}

void replace(std::string& page, std::string_view what, const std::string& with) {
  const std::size_t at = page.find(what);
  if (at == std::string::npos) throw std::logic_error("the page has no " + std::string(what));
  page.replace(at, what.size(), with);
}

/// In HTML, a script ends at the first "</script", whatever language it is in. In JSON '<' stands
/// in texts only, where it can be written otherwise.
std::string harmless_json(const Json& data) {
  std::string text;
  for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<') {
      text += "\\u003c";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

std::string report_page(const Json& data) {
  std::string page(page_html());
  // From the end on: what has been put in is not searched.
  replace(page, kScript,
          "<script type=\"application/json\" id=\"weir-data\">" + harmless_json(data) +
              "</script>\n<script>" + std::string(page_js()) + "</script>");
  replace(page, kStyle, "<style>" + std::string(page_css()) + "</style>");
  replace(page, kHead, std::string(kHead) + policy());
  return page;
}

}  // namespace weir::view
