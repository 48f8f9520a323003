#include "io/launch.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "io/system_error.hpp"

namespace weir::io {

namespace {

/// Linux's MAX_ARG_STRLEN, 32 pages of 4 KiB, less the byte that ends the string.
constexpr std::size_t longest_string = 131072 - 1;

constexpr std::string_view control_digits = "0123456789abcdef";

/// In quotes, and on one line whatever it holds.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      result += c;
    } else {
      result += {'\\', 'x', control_digits[byte >> 4], control_digits[byte & 15]};
    }
  }
  return result + "'";
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

std::string check_length(const std::string& what, std::size_t length) {
  if (length <= longest_string) return "";
  return what + " is " + std::to_string(length) + " bytes long; Linux takes at most " +
         std::to_string(longest_string) + ": pass it on standard input instead";
}

std::string check_argument(std::size_t number, const std::string& argument) {
  const std::string what = "argument " + std::to_string(number);
  if (has_nul(argument)) return what + " contains a NUL byte, which no argument can";
  return check_length(what, argument.size());
}

std::string check_variable(const std::string& name, const std::string& value) {
  if (name.empty() || has_nul(name) || name.find('=') != std::string::npos) {
    return quoted(name) + " cannot be the name of an environment variable";
  }
  const std::string what = "environment variable " + quoted(name);
  if (has_nul(value)) return what + " contains a NUL byte, which no variable can";
  return check_length(what + ", with its name,", name.size() + 1 + value.size());
}

std::string check_directory(const std::string& directory) {
  if (directory.empty()) return "";
  const std::string what = "the working directory " + quoted(directory);
  if (has_nul(directory)) return what + " contains a NUL byte, which no path can";
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) {
    if (errno == ENOENT) return "there is no such directory to run it in: " + quoted(directory);
    return what + " cannot be entered: " + message_of(errno);
  }
  if (!S_ISDIR(status.st_mode)) return what + " is not a directory";
  if (::access(directory.c_str(), X_OK) != 0) {
    return what + " cannot be entered: " + message_of(errno);
  }
  return "";
}

/// A path of the child's as this process sees it.
std::string from_here(const std::string& directory, const std::string& path) {
  return directory.empty() || path.starts_with('/') ? path : directory + '/' + path;
}

/// 0 if the file can be run, else ENOENT, EISDIR, EACCES …
int check_program(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return errno;
  if (S_ISDIR(status.st_mode)) return EISDIR;
  return ::access(path.c_str(), X_OK) == 0 ? 0 : errno;
}

std::string explain_program(const std::string& path, const std::string& directory, int error) {
  if (error == ENOENT) {
    const bool relative = !directory.empty() && !path.starts_with('/');
    return "there is no such file" + (relative ? " in " + quoted(directory) : "");
  }
  if (error == EISDIR) return quoted(path) + " is a directory";
  if (error == EACCES) return "permission denied: " + quoted(path) + " is not executable for us";
  return quoted(path) + ": " + message_of(error);
}

/// The file that `name` means, as execvp would find it.
std::string find_program(const std::string& name, const char* search_path,
                         const std::string& directory, std::string& program) {
  if (name.find('/') != std::string::npos) {
    program = name;
    const int error = check_program(from_here(directory, name));
    return error == 0 ? "" : explain_program(name, directory, error);
  }
  std::string_view rest = search_path;
  std::string refused;
  for (;;) {
    const std::size_t colon = rest.find(':');
    const std::string_view folder = rest.substr(0, colon);
    program = (folder.empty() ? std::string(".") : std::string(folder)) + '/' + name;
    const int error = check_program(from_here(directory, program));
    if (error == 0) return "";
    const bool is_there = ::access(from_here(directory, program).c_str(), F_OK) == 0;
    if (error == EACCES && is_there && refused.empty()) refused = program;
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (!refused.empty()) return explain_program(refused, directory, EACCES);
  return "there is no such program in the PATH";
}

std::string cannot_start(const std::string& name, const std::string& why) {
  return why.empty() ? "" : "cannot start " + quoted(name) + ": " + why;
}

std::string check_strings(const Command& command) {
  for (std::size_t i = 0; i < command.argv.size(); ++i) {
    if (std::string error = check_argument(i, command.argv[i]); !error.empty()) return error;
  }
  for (const auto& [name, value] : command.env) {
    if (std::string error = check_variable(name, value); !error.empty()) return error;
  }
  return check_directory(command.cwd);
}

void lay_out(const Command& command, const Environment& environment, Launch& launch) {
  // exec's interface lacks a const; it does not change the strings.
  for (const std::string& argument : command.argv) {
    launch.argv.push_back(const_cast<char*>(argument.c_str()));
  }
  launch.argv.push_back(nullptr);
  for (const std::string& entry : environment.entries()) {
    launch.environment.push_back(const_cast<char*>(entry.c_str()));
  }
  launch.environment.push_back(nullptr);
}

std::size_t total_size(const std::vector<char*>& strings) {
  std::size_t size = 0;
  for (const char* string : strings) size += string == nullptr ? 0 : std::strlen(string) + 1;
  return size;
}

}  // namespace

std::string prepare(const Command& command, const Environment& base, Launch& launch) {
  if (command.argv.empty()) {
    return "cannot start a process: its argv is empty, so there is no program to run";
  }
  const std::string& name = command.argv.front();
  if (name.empty()) return cannot_start(name, "the program's name is empty");
  if (std::string error = check_strings(command); !error.empty()) return cannot_start(name, error);

  launch = {};
  launch.directory = command.cwd;
  if (!command.env.empty()) launch.changed = base.with(command.env);
  const Environment& environment = launch.changed ? *launch.changed : base;
  const char* search_path = environment.find("PATH");
  lay_out(command, environment, launch);
  return cannot_start(name, find_program(name, search_path ? search_path : "/bin:/usr/bin",
                                         command.cwd, launch.program));
}

std::string explain_failure(const Command& command, const Launch& launch, int error) {
  const std::string& name = command.argv.front();
  // The directory's and the program's failure come back as the same number: look again.
  if (std::string why = check_directory(command.cwd); !why.empty()) return cannot_start(name, why);
  const int program = check_program(from_here(command.cwd, launch.program));
  if (program != 0)
    return cannot_start(name, explain_program(launch.program, command.cwd, program));
  switch (error) {
    case E2BIG: {
      const std::size_t size = total_size(launch.argv) + total_size(launch.environment);
      return cannot_start(name, "its arguments and environment are " + std::to_string(size) +
                                    " bytes together, more than this system takes: pass them on "
                                    "standard input instead");
    }
    case ENOENT:
      return cannot_start(name, "the interpreter that " + quoted(launch.program) +
                                    " names in its first line does not exist");
    case ENOEXEC:
      return cannot_start(name, quoted(launch.program) +
                                    " is not a program of this machine; a script needs a first "
                                    "line such as #!/bin/sh");
    default:
      return cannot_start(name, message_of(error));
  }
}

}  // namespace weir::io
