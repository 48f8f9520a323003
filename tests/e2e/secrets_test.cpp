#include "support.hpp"

namespace weir::e2e {
namespace {

constexpr const char* kSecret = "hunter2secret";

/// Values of `secrets` in what weir says itself.
class Secrets : public EndToEnd {
 protected:
  Ended weir_with_secret(Strings arguments) {
    const Ended ended = weir({.arguments = std::move(arguments), .environment = {{"PW", kSecret}}});
    expect_none_in(ended.out);
    expect_none_in(ended.err);
    return ended;
  }
  void write(const std::string& nodes) {
    folder.write("test.yaml", "weir: 1\nsecrets: [PW]\nnodes:\n" + nodes);
  }
  static void expect_none_in(const std::string& text) {
    EXPECT_EQ(text.find(kSecret), text.npos) << text;
  }
};

TEST_F(Secrets, AreNotInErrorsOfARun) {
  const std::string error = "o: can't create 'no/***/x.part': No such file or directory";
  write("  a: {source: range, to: 1}\n  o: {from: a, sink: lines, path: 'no/${env.PW}/x'}\n");
  const Ended shown = weir_with_secret({"run", "test.yaml", "--summary-file", "summary.json"});
  EXPECT_EQ(shown.status, 3);
  EXPECT_NE(shown.err.find("weir: error: " + error + "\n"), std::string::npos) << shown.err;
  EXPECT_EQ(Json::parse(folder.read("summary.json")).at("errors"), Json({error}));
  EXPECT_EQ(Json::parse(folder.read(".weir/runs/latest/summary.json")).at("errors"), Json({error}));
  expect_none_in(folder.read(".weir/runs/latest/run.db"));
  const Ended events = weir_with_secret({"run", "test.yaml", "--progress", "json"});
  EXPECT_EQ(Json::parse(lines_of(events.err).back()).at("summary").at("errors"), Json({error}))
      << events.err;
}

TEST_F(Secrets, AreNotInErrorsOfASource) {
  write("  a: {source: lines, path: 'no/${env.PW}'}\n  o: {from: a, sink: count}\n");
  const Ended ended = weir_with_secret({"run", "test.yaml"});
  EXPECT_EQ(ended.status, 3);
  EXPECT_NE(ended.err.find("a: can't open 'no/***'"), std::string::npos) << ended.err;
}

TEST_F(Secrets, AreNotInErrorsOfTheFile) {
  write(
      "  a: {source: range, to: '${env.PW}'}\n"
      "  b: {from: a, run: ['true'], limit: '${env.PW}', timeout: '${env.PW}'}\n"
      "  c: {from: b, run: ['true'], limit: 2, throttle: {match: '(${env.PW}'}}\n"
      "  d: {from: c, sink: count}\n"
      "  hunter2secret: {from: c, sink: '${env.PW}'}\n");
  const Ended ended = weir_with_secret({"check", "test.yaml"});
  EXPECT_EQ(ended.status, 2);
  for (const std::string error : {"test.yaml:4:26: error: 'to': expected an int, got a text '***'",
                                  "there is no limit '***'", "unknown sink type '***'"}) {
    EXPECT_NE(ended.err.find(error), std::string::npos) << error << "\n" << ended.err;
  }
  for (const std::string key : {"timeout", "match"}) {
    EXPECT_NE(ended.err.find(key + "'"), std::string::npos) << key << "\n" << ended.err;
  }
  EXPECT_NE(ended.err.find("  4 |   a: {source: range, to: '${env.PW}'}\n"), std::string::npos)
      << ended.err;
  EXPECT_EQ(ended.err.find("  8 | "), std::string::npos) << ended.err;
  EXPECT_EQ(weir_with_secret({"run", "test.yaml"}).err, ended.err);
}

}  // namespace
}  // namespace weir::e2e
