// Makes the page of a report from its JSON: both through standard streams.

#include "view/web/report_page.hpp"

#include <iostream>

int main() { std::cout << weir::view::report_page(nlohmann::ordered_json::parse(std::cin)); }
