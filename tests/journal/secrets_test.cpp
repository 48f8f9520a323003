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

TEST(Masker, CoversTheBeginningOfASecretWhereTheStreamIsCut) {
  const Secrets secrets({"hunter2", "a hun"});
  for (const auto& [text, shown] : {std::pair("is hunter", "is ***"),
                                    {"is hunt", "is ***"},
                                    {"is hun", "is hun"},
                                    {"is a hunter", "is ***"},
                                    {"hunter2", "***"},
                                    {"hunter ", "hunter "}}) {
    Masker masker(secrets);
    std::string all = masker.feed(text);
    EXPECT_EQ(all += masker.finish_cut(), shown);
  }
}

TEST(Mask, OfAPieceCoversWhatIsLeftOfASecret) {
  const Secrets secrets({"password", "wording", "two\nlines\n"});
  const auto piece = [&](std::string_view text, Cut cut = {}) {
    return mask_piece(text, secrets, cut);
  };
  EXPECT_EQ(piece("word is passwo"), "*** is ***");
  EXPECT_EQ(piece("ord is pas"), "ord is pas");
  EXPECT_EQ(piece("sswor"), "***") << "both of its ends are lost";
  EXPECT_EQ(piece("swording!"), "***!") << "the rest of one is the beginning of another";
  EXPECT_EQ(piece("lines\nfour two\nline"), "***four ***");
  EXPECT_EQ(piece("word passwo", {false, true}), "word ***");
  EXPECT_EQ(piece("word passwo", {true, false}), "*** passwo");
  EXPECT_EQ(piece(""), "");
  EXPECT_EQ(mask_piece("word", Secrets()), "word");
}

TEST(Mask, OfAPieceShowsNothingThatTheWholeHides) {
  for (int seed = 1; seed <= seeds(1000); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    const auto text = [&](std::size_t size) {
      std::string to(size, 'a');
      for (char& c : to) c = static_cast<char>('a' + random() % 3);
      return to;
    };
    // Capitals are nowhere else: none of them may be seen, but for fewer than four at a cut.
    std::string secret = text(4 + random() % 12);
    for (char& c : secret) c = static_cast<char>(c - 'a' + 'A');
    const std::string whole = text(random() % 6) + secret + text(1 + random() % 6) + secret;
    const std::size_t begin = random() % whole.size();
    const std::string shown = mask_piece(
        std::string_view(whole).substr(begin, random() % whole.size()), Secrets({secret}));
    const auto is_seen = [](char c) { return c >= 'A' && c <= 'Z'; };
    EXPECT_LE(std::count_if(shown.begin(), shown.end(), is_seen), 6) << shown;
    for (std::size_t at = 0; at + 4 <= shown.size(); ++at) {
      EXPECT_FALSE(std::all_of(&shown[at], &shown[at] + 4, is_seen)) << shown;
    }
  }
}

TEST(Mask, OfAShortenedTextCoversWhatStandsBeforeTheDots) {
  const Secrets secrets({"password", "first\nsecond"});
  EXPECT_EQ(mask_shortened("`login passwo…` exited", secrets), "`login ***…` exited");
  EXPECT_EQ(mask_shortened("`login first …` exited", secrets), "`login *** …` exited");
  EXPECT_EQ(mask_shortened("password … password", secrets), "*** … ***");
  EXPECT_EQ(mask_shortened("word passwo", secrets), "word passwo");
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
