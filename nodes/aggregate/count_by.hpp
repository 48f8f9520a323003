#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <weir/node.hpp>
#include <weir/record.hpp>

#include "nodes/aggregate/key_counts.hpp"
#include "nodes/by.hpp"

namespace weir::nodes {

struct CountBy {
  By by;

  static void describe(Describe<CountBy>& d);
  void operator()(Item item) { counts_.add(by.of(item, scratch_)); }
  std::optional<Record> next();

 private:
  KeyCounts counts_;
  std::string scratch_;
  bool sorted_ = false;
  std::size_t at_ = 0;
};

}  // namespace weir::nodes
