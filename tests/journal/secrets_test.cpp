#include "journal/secrets.hpp"

#include <algorithm>
#include <random>

#include "support.hpp"

namespace weir::journal::test {
namespace {

using Strings = std::vector<std::string>;

std::string masked(std::string_view text, const Strings& secrets) {
  return mask(text, Secrets(secrets));
}

TEST(Mask, PutsStarsInPlaceOfSecrets) {
  EXPECT_EQ(masked("login -p hunter2 now", {"hunter2"}), "login -p *** now");
  EXPECT_EQ(masked("hunter2", {"hunter2"}), "***");
  EXPECT_EQ(masked("hunter", {"hunter2"}), "hunter");
  EXPECT_EQ(masked("one two", {"four", "five"}), "one two");
  EXPECT_EQ(masked("", {"four"}), "");
  EXPECT_EQ(masked("text", {}), "text");
}

TEST(Mask, LeavesShortSecretsAlone) {
  EXPECT_EQ(masked("a bc def ghij", {"a", "bc", "def", "ghij", ""}), "a bc def ***");
}

TEST(Mask, TakesTheLongestThatFits) {
  EXPECT_EQ(masked("pass password", {"pass", "password"}), "*** ***");
  EXPECT_EQ(masked("xpassworx", {"password", "asswo"}), "xp***rx");
}

TEST(Mask, CoversSecretsThatOverlap) {
  EXPECT_EQ(masked("-abcdef-", {"abcd", "cdef"}), "-***-");
  EXPECT_EQ(masked("-aaaaaaa-", {"aaaa"}), "-***-");
  EXPECT_EQ(masked("-abcdabcd-", {"abcd"}), "-***-");
}

TEST(Mask, TakesAnyBytes) {
  const std::string secret("\0\xFF\n\x80", 4);
  EXPECT_EQ(masked("a" + secret + "b", {secret}), "a***b");
}

TEST(Masker, HoldsBackOnlyWhatMayBeginASecret) {
  const Secrets secrets({"hunter2"});
  Masker masker(secrets);
  EXPECT_EQ(masker.feed("a hu"), "a ");
  EXPECT_EQ(masker.feed("nter"), "");
  EXPECT_EQ(masker.feed("3 h"), "hunter3 ");
  EXPECT_EQ(masker.feed("unter2"), "***");
  EXPECT_EQ(masker.feed(" hunt"), " ");
  EXPECT_EQ(masker.finish(), "hunt");
}

/// What covers each byte is found byte by byte. Gives what lies before `until`.
std::string naive(const std::string& text, const Strings& secrets,
                  std::size_t until = std::string::npos) {
  std::vector<bool> covered(text.size());
  for (const std::string& secret : secrets) {
    if (secret.size() < Secrets::kShortest) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + 1)) {
      std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at), secret.size(), true);
    }
  }
  std::string to;
  for (std::size_t i = 0; i < std::min(until, text.size()); ++i) {
    if (!covered[i]) {
      to += text[i];
    } else if (i == 0 || !covered[i - 1]) {
      to += "***";
    }
  }
  return to;
}

TEST(Masker, MasksTheSameHoweverTheStreamIsCut) {
  for (int seed = 1; seed <= seeds(3000); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    // Few letters, so that secrets begin, overlap and repeat all the time.
    const auto letters = 1 + random() % 3;
    const auto text = [&](std::size_t size) {
      std::string to(size, 'a');
      for (char& c : to) c = static_cast<char>('a' + random() % letters);
      return to;
    };
    Strings values;
    std::size_t longest = 1;
    for (auto i = random() % 5; i > 0; --i) {
      values.push_back(text(random() % 9));
      longest = std::max(longest, values.back().size());
    }
    const std::string whole = text(random() % 200);
    const Secrets secrets(values);
    Masker masker(secrets);
    std::string shown;
    std::size_t fed = 0;
    while (fed < whole.size()) {
      const std::size_t size = std::min<std::size_t>(random() % 12, whole.size() - fed);
      shown += masker.feed(std::string_view(whole).substr(fed, size));
      fed += size;
      ASSERT_TRUE(naive(whole, values).starts_with(shown));
      const std::size_t out_at_least = fed < longest ? 0 : fed - (longest - 1);
      ASSERT_TRUE(shown.starts_with(naive(whole, values, out_at_least)));
    }
    shown += masker.finish();
    ASSERT_EQ(shown, naive(whole, values));
  }
}

}  // namespace
}  // namespace weir::journal::test
