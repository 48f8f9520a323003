#pragma once

/// What a reactor has to change about the whole process.

namespace weir::io {

/// While any of these exists, SIGPIPE and SIGXFSZ are ignored (a child that closes its standard
/// input early would end us, and so would a file that grows beyond the limit) and SIGCHLD is not
/// (the kernel would throw away exit statuses; whoever started us may have left it ignored). With
/// `adopt_orphans` the process is also a child subreaper. The last one puts everything back.
class ProcessWide {
 public:
  /// Throws std::logic_error if there is another one and either wants `adopt_orphans`: it would
  /// take the other's children for orphans.
  explicit ProcessWide(bool adopt_orphans);
  ~ProcessWide();
  ProcessWide(const ProcessWide&) = delete;
  ProcessWide& operator=(const ProcessWide&) = delete;
};

}  // namespace weir::io
