#include "io/web_access.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

const std::string kToken = "0123456789abcdef0123456789abcdef";

WebRequest request(const std::string& target = "/data") {
  WebRequest made;
  made.method = "GET";
  EXPECT_TRUE(parse_target(target, made)) << target;
  made.host = "127.0.0.1:8080";
  return made;
}

WebVerdict judge(const WebRequest& request, const std::string& local = "127.0.0.1") {
  return WebAccess({"127.0.0.1", 8080}, kToken).judge(request, local);
}

WebVerdict judge_with_token(void (*change)(WebRequest&)) {
  WebRequest made = request();
  made.authorization = "Bearer " + kToken;
  change(made);
  return judge(made);
}

TEST(WebAccess, TakesTheTokenFromThreePlaces) {
  EXPECT_EQ(judge(request()), WebVerdict::unauthorized);
  EXPECT_EQ(judge(request("/data?token=" + kToken)), WebVerdict::allowed);
  EXPECT_EQ(judge(request("/?token=" + kToken)), WebVerdict::set_cookie);
  WebRequest by_header = request();
  for (const char* const scheme : {"Bearer ", "bearer "}) {
    by_header.authorization = scheme + kToken;
    EXPECT_EQ(judge(by_header), WebVerdict::allowed);
  }
  by_header.authorization = "Basic " + kToken;
  EXPECT_EQ(judge(by_header), WebVerdict::unauthorized);
  WebRequest by_cookie = request();
  by_cookie.cookie = "a=b; weir_8080=" + kToken;
  EXPECT_EQ(judge(by_cookie), WebVerdict::allowed);
}

TEST(WebAccess, RefusesOtherTokens) {
  for (const std::string& wrong :
       {std::string(), kToken.substr(1), kToken + "0", "1" + kToken.substr(1)}) {
    EXPECT_EQ(judge(request("/data?token=" + wrong)), WebVerdict::unauthorized);
    WebRequest made = request();
    made.authorization = "Bearer " + wrong;
    made.cookie = "weir_8080=" + wrong + "; weir_8081=" + kToken;
    EXPECT_EQ(judge(made), WebVerdict::unauthorized);
  }
}

TEST(WebAccess, KnowsItsOwnNames) {
  for (const char* const host :
       {"127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080"}) {
    WebRequest made = request("/data?token=" + kToken);
    made.host = host;
    made.origin = "http://" + std::string(host);
    EXPECT_EQ(judge(made), WebVerdict::allowed) << host;
  }
  for (const char* const host : {"",
                                 "127.0.0.1",
                                 "127.0.0.1:8081",
                                 "evil.example:8080",
                                 "localhost.evil.example:8080",
                                 "localhost:8080@evil",
                                 "[::1]",
                                 "10.0.0.1:8080",
                                 "127.0.0.1.:8080",
                                 "localhost.:8080",
                                 "127.0.0.1:08080",
                                 "127.0.0.1:8080.",
                                 "127.1:8080",
                                 "2130706433:8080",
                                 "127.0.0.2:8080",
                                 "0.0.0.0:8080",
                                 "[::]:8080",
                                 "[::ffff:127.0.0.1]:8080",
                                 "127.0.0.1.nip.io:8080",
                                 "user@127.0.0.1:8080",
                                 "127.0.0.1:8080, evil.example",
                                 "evil.example, 127.0.0.1:8080",
                                 "localhost:8080/"}) {
    WebRequest made = request("/data?token=" + kToken);
    made.host = host;
    EXPECT_EQ(judge(made), WebVerdict::forbidden) << host;
    made.host = "localhost:8080";
    made.origin = "http://" + std::string(host);
    EXPECT_EQ(judge(made), WebVerdict::forbidden) << host;
  }
}

TEST(WebAccess, RefusesWhatOtherSitesAskFor) {
  const auto from = [](const char* site) {
    WebRequest made = request("/data?token=" + kToken);
    made.fetch_site = site;
    return judge(made);
  };
  EXPECT_EQ(from("none"), WebVerdict::allowed);
  EXPECT_EQ(from("same-origin"), WebVerdict::allowed);
  EXPECT_EQ(from("same-site"), WebVerdict::forbidden);
  EXPECT_EQ(from("cross-site"), WebVerdict::forbidden);
  EXPECT_EQ(judge_with_token([](WebRequest& made) { made.origin = "null"; }),
            WebVerdict::forbidden);
  EXPECT_EQ(judge_with_token([](WebRequest& made) { made.origin = "https://127.0.0.1:8080"; }),
            WebVerdict::forbidden);
  EXPECT_EQ(judge_with_token([](WebRequest& made) { made.host.reset(); }), WebVerdict::forbidden);
}

TEST(WebAccess, SaysThatItIsForReadingOnlyToWhoMayRead) {
  EXPECT_EQ(judge_with_token([](WebRequest& made) { made.method = "POST"; }),
            WebVerdict::method_not_allowed);
  EXPECT_EQ(judge_with_token([](WebRequest& made) { made.method = "get"; }),
            WebVerdict::method_not_allowed);
  WebRequest made = request();
  made.method = "POST";
  EXPECT_EQ(judge(made), WebVerdict::unauthorized);
}

TEST(WebAccess, ReadsEndpoints) {
  const auto read = [](const char* text) {
    const auto endpoint = parse_endpoint(text);
    return endpoint ? to_string(*endpoint) : "none";
  };
  EXPECT_EQ(read(""), "127.0.0.1:0");
  EXPECT_EQ(read("8080"), "127.0.0.1:8080");
  EXPECT_EQ(read("localhost:1"), "127.0.0.1:1");
  EXPECT_EQ(read("0.0.0.0:80"), "0.0.0.0:80");
  EXPECT_EQ(read("[::1]:80"), "[::1]:80");
  for (const char* const wrong : {"x", "65536", "::1:80", "[127.0.0.1]:80", "1.2.3:80", ":80",
                                  "example.com:80", "127.0.0.1:", "-1"}) {
    EXPECT_EQ(read(wrong), "none") << wrong;
  }
}

TEST(WebAccess, ReadsTargets) {
  WebRequest made;
  EXPECT_TRUE(parse_target("/log?node=a%26b+c&item=%C3%A9&x", made));
  EXPECT_EQ(made.path, "/log");
  EXPECT_EQ(made.query, (std::map<std::string, std::string>{
                            {"node", "a&b c"}, {"item", "\xC3\xA9"}, {"x", ""}}));
  for (const char* const wrong : {"", "http://x/", "*", "/%", "/%4", "/%zz", "/?a=%00"}) {
    EXPECT_FALSE(parse_target(wrong, made)) << wrong;
  }
}

TEST(WebAccess, MakesTokensThatDiffer) {
  EXPECT_EQ(random_token().size(), 32U);
  EXPECT_NE(random_token(), random_token());
  EXPECT_EQ(token_error(random_token()), "");
  EXPECT_NE(token_error("short"), "");
  EXPECT_NE(token_error("0123456789abcdef; Path=/"), "");
}

}  // namespace
}  // namespace weir::io
