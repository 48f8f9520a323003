#pragma once

/// What the functions that create, open or read a run directory throw.

#include <stdexcept>

namespace weir::journal {

/// Something can't be created, opened or read. The message is for the user: what, where, and what
/// to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// There is no such run, or the name fits several. The message says which runs there are.
class UnknownRun : public Error {
 public:
  using Error::Error;
};

/// The same of an item of a run.
class UnknownItem : public Error {
 public:
  using Error::Error;
};

/// There is no such item yet: one that fits may come.
class MissingItem : public UnknownItem {
 public:
  using UnknownItem::UnknownItem;
};

}  // namespace weir::journal
