#pragma once

/// The page's texts: page.html, page.css and the scripts of this folder, put into the program when
/// it is built. A run serves them as three; in a report (report_page.hpp) they are one.

#include <string_view>

namespace weir::view {

std::string_view page_html();
std::string_view page_js();
std::string_view page_css();

/// The SHA-256 of the whole text, in Base64, as a Content-Security-Policy names what it allows.
std::string_view page_js_hash();
std::string_view page_css_hash();

}  // namespace weir::view
