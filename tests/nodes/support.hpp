#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <weir/record.hpp>
#include <weir/testing.hpp>

namespace weir::test {

using testing::NodeUnderTest;
using Texts = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

/// What a file gets that sets these parameters; empty if they are fine.
template <class N>
std::string wrong(std::initializer_list<testing::Parameter> parameters) {
  try {
    NodeUnderTest<N> node(parameters);
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

/// All that a collector gives out, in batches of a size that a pipeline would choose.
template <class T, class N>
std::vector<T> everything(NodeUnderTest<N>& node) {
  std::vector<T> items;
  for (bool ended = false; !ended;) {
    auto given = node.take(1000);
    ended = given.ended();
    for (T& item : given.template out<T>()) items.push_back(std::move(item));
  }
  return items;
}

/// A text of up to `longest` of these bytes.
inline std::string random_text(std::mt19937& random, std::size_t longest, std::string_view bytes) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = bytes[random() % bytes.size()];
  return text;
}

/// Every byte that there is, in places that tests would like to forget.
inline std::string all_bytes() {
  std::string text;
  for (int byte = 0; byte < 256; ++byte) text += static_cast<char>(byte);
  return text;
}

}  // namespace weir::test
