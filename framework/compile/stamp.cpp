#include "compile/stamp.hpp"

#include <bit>
#include <cerrno>
#include <cstring>
#include <elf.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include <weir/abi.hpp>

namespace weir::compile {
namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "weir reads the plugins of x86-64 and AArch64"
#endif

constexpr unsigned char kByteOrder =
    std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

constexpr std::streamoff kLargestFile = std::streamoff{1} << 30;

/// A file's bytes, read with checked offsets.
class Image {
 public:
  explicit Image(std::vector<char> bytes) : bytes_(std::move(bytes)) {}

  /// The i-th T behind `offset`; false if it lies outside.
  template <class T>
  bool read(std::uint64_t offset, std::uint64_t index, T& to) const {
    if (index > bytes_.size() / sizeof(T)) return false;
    const std::uint64_t skip = index * sizeof(T);
    if (offset > bytes_.size() || skip > bytes_.size() - offset) return false;
    if (sizeof(T) > bytes_.size() - offset - skip) return false;
    std::memcpy(&to, bytes_.data() + offset + skip, sizeof(T));
    return true;
  }

  /// The text at `offset`, up to a NUL or the end of the file.
  std::string text(std::uint64_t offset, std::size_t longest) const {
    if (offset >= bytes_.size()) return {};
    const std::size_t most = std::min<std::size_t>(longest, bytes_.size() - offset);
    return {bytes_.data() + offset, strnlen(bytes_.data() + offset, most)};
  }

 private:
  std::vector<char> bytes_;
};

/// Where in the file an address of the loaded library comes from.
std::optional<std::uint64_t> file_offset(const Image& image, const Elf64_Ehdr& header,
                                         std::uint64_t address) {
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!image.read(header.e_phoff, i, segment)) return std::nullopt;
    if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
        address - segment.p_vaddr < segment.p_filesz) {
      return segment.p_offset + (address - segment.p_vaddr);
    }
  }
  return std::nullopt;
}

std::optional<Elf64_Sym> find_symbol(const Image& image, const Elf64_Ehdr& header,
                                     std::string_view name) {
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section;
    if (!image.read(header.e_shoff, i, section)) return std::nullopt;
    if (section.sh_type != SHT_DYNSYM) continue;
    Elf64_Shdr strings;
    if (!image.read(header.e_shoff, section.sh_link, strings)) return std::nullopt;
    for (std::uint64_t s = 0; s < section.sh_size / sizeof(Elf64_Sym); ++s) {
      Elf64_Sym symbol;
      if (!image.read(section.sh_offset, s, symbol)) return std::nullopt;
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_name >= strings.sh_size) continue;
      if (image.text(strings.sh_offset + symbol.st_name, name.size() + 1) == name) return symbol;
    }
  }
  return std::nullopt;
}

std::map<std::string, std::string> fields_of(const std::string& stamp) {
  std::map<std::string, std::string> fields;
  std::istringstream words(stamp);
  std::string word;
  words >> word;  // "weir-plugin"
  while (words >> word) {
    const std::size_t equals = word.find('=');
    fields[word.substr(0, equals)] = equals == word.npos ? "yes" : word.substr(equals + 1);
  }
  return fields;
}

}  // namespace

StampResult read_stamp(const std::string& path) {
  // Looked at before it is opened: opening a pipe would wait for a writer.
  std::error_code unknown;
  const std::filesystem::file_status status = std::filesystem::status(path, unknown);
  if (std::filesystem::is_directory(status)) return {{}, "it is a folder"};
  if (!unknown && !std::filesystem::is_regular_file(status)) {
    return {{}, "it is not a regular file"};
  }
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {{}, std::strerror(errno)};
  const std::streamoff size = file.tellg();
  if (size > kLargestFile) return {{}, "it is larger than 1 GiB"};
  std::vector<char> bytes(static_cast<std::size_t>(size));
  file.seekg(0);
  if (!file.read(bytes.data(), size)) return {{}, "it can't be read"};

  const Image image(std::move(bytes));
  Elf64_Ehdr header;
  if (!image.read(0, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return {{}, "it is not a shared library"};
  }
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != kByteOrder ||
      header.e_machine != kMachine) {
    return {{}, "it is a library for another kind of machine"};
  }
  if (header.e_type != ET_DYN) return {{}, "it is not a shared library"};
  Elf64_Shdr last;  // of its tables, the one at the end of the file
  if (header.e_shnum != 0 && !image.read(header.e_shoff, header.e_shnum - 1U, last)) {
    return {{}, "it is damaged: its end is missing"};
  }
  const std::optional<Elf64_Sym> symbol = find_symbol(image, header, abi::kStampSymbol);
  if (!symbol) {
    return {{},
            "it is a shared library, but not a weir plugin: it has no WEIR_PLUGIN(…), or hides it"};
  }
  const std::optional<std::uint64_t> offset = file_offset(image, header, symbol->st_value);
  const std::string stamp = offset ? image.text(*offset, abi::make_stamp().size()) : "";
  if (!stamp.starts_with("weir-plugin ")) return {{}, "its stamp can't be read: it is damaged"};
  return {stamp, {}};
}

std::optional<std::string> compare_stamp(const std::string& stamp, const std::string& own) {
  if (stamp == own) return std::nullopt;
  const auto theirs = fields_of(stamp);
  const auto ours = fields_of(own);
  std::string differences;
  const auto add = [&](const std::string& name, const std::string& here, const std::string& there) {
    differences += fmt::format("{}{} is {} here and {} in the plugin",
                               differences.empty() ? "" : ", ", name, here, there);
  };
  for (const auto& [name, value] : ours) {
    const auto other = theirs.find(name);
    if (other == theirs.end()) {
      add(name, value, "missing");
    } else if (other->second != value) {
      add(name, value, other->second);
    }
  }
  for (const auto& [name, value] : theirs) {
    if (!ours.contains(name)) add(name, "missing", value);
  }
  return fmt::format("it was built for another weir ({}); build it again with this one's headers",
                     differences);
}

}  // namespace weir::compile
