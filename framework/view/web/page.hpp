#pragma once

/// The live page's texts: page.html, page.js and page.css of this folder, put into the program when
/// it is built.

#include <string_view>

namespace weir::view {

std::string_view page_html();
std::string_view page_js();
std::string_view page_css();

}  // namespace weir::view
