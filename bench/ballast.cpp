#include <cstdint>
#include <vector>

#include <weir/node.hpp>

namespace {

/// To see what memory that is in use costs those who start processes.
struct Ballast {
  weir::Size size{std::uint64_t{1} << 30};
  std::int64_t to = 10;

  static void describe(weir::Describe<Ballast>& d) {
    d.node("ballast", "Numbers from 1 on, with memory that is written to and kept.");
    d.param<&Ballast::size>("size", "How much memory.");
    d.param<&Ballast::to>("to", "The last number.");
  }
  void start() { memory_.assign(size.bytes, 1); }
  std::optional<std::int64_t> next() {
    return at_ < to ? std::optional<std::int64_t>(++at_) : std::nullopt;
  }

 private:
  std::vector<char> memory_;
  std::int64_t at_ = 0;
};

}  // namespace

WEIR_PLUGIN("ballast", Ballast)
