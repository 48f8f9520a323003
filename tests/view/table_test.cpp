#include "view/table.hpp"

#include <gtest/gtest.h>

namespace weir::view {
namespace {

TEST(Table, AlignsByWhatATerminalShows) {
  EXPECT_EQ(table({{"name", "n"},
                   {"\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2", "10"},  // three ideographs
                   {"e\xcc\x81", "7"}}),                            // e with a combining acute
            "name     n\n"
            "\xe6\xbc\xa2\xe5\xad\x97\xe6\xbc\xa2  10\n"
            "e\xcc\x81        7\n");
}

}  // namespace
}  // namespace weir::view
