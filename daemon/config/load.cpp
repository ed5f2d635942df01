#include "daemon/config/load.hpp"

#include "daemon/config/file_text.hpp"
#include "daemon/config/read_admin.hpp"
#include "daemon/config/read_config.hpp"
#include "daemon/config/reading.hpp"
#include "daemon/config/source_lines.hpp"
#include "daemon/config/text_check.hpp"
#include "daemon/config/tree_builder.hpp"
#include "daemon/config/validate.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace spillway::config {

namespace {

// A thousand routes fit. yaml-cpp's scanner may hold 240 bytes of tokens for one byte of text.
constexpr std::size_t max_file = 512 * 1024;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr std::string_view no_content =
    "the file is empty: write at least one route, such as `routes: [{name: echo, listen: "
    "\"127.0.0.1:7007\", echo: true}]`";

// Hands yaml-cpp's events to a TreeBuilder. Events, because they come while yaml-cpp parses: what
// is too deep or too big is stopped before yaml-cpp has recursed into it.
class DocumentReader final : public YAML::EventHandler {
 public:
  DocumentReader(TreeBuilder& tree, SourceLines& lines) : tree_(tree), lines_(lines) {}

  [[nodiscard]] Place place(const YAML::Mark& mark) const {
    return lines_.in_characters({mark.line + 1, mark.column + 1});
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(started_, true)) {
      throw Finding{place(mark), "a second document starts here: remove the `---` before it"};
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    tree_.nothing(place(mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    tree_.alias(place(mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_tag(mark, tag);
    tree_.scalar(place(mark), anchor, value, tag == in_quotes ? quotes_at(mark) : Quotes::none);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    tree_.begin_list(place(mark), anchor);
  }
  void OnSequenceEnd() override { tree_.end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    tree_.begin_map(place(mark), anchor);
  }
  void OnMapEnd() override { tree_.end(); }

 private:
  using Quotes = Node::Quotes;

  // What yaml-cpp reports as the tag of values that have none written.
  static constexpr std::string_view not_in_quotes = "?";
  static constexpr std::string_view in_quotes = "!";

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    if (tag.empty() || tag == not_in_quotes || tag == in_quotes) return;
    throw Finding{place(mark), "a tag (`!...`) before a value: write the value alone"};
  }

  // yaml-cpp does not tell which quotes. An anchor may stand before them; a block (`|`) has none
  // and counts as single ones.
  [[nodiscard]] Quotes quotes_at(const YAML::Mark& mark) const {
    const std::string_view line = lines_.line(mark.line + 1);
    const std::size_t column = std::min(static_cast<std::size_t>(mark.column), line.size());
    const std::size_t quote = line.find_first_of("'\"|>", column);
    if (quote != std::string_view::npos && line[quote] == '"') return Quotes::twofold;
    return Quotes::single;
  }

  TreeBuilder& tree_;
  SourceLines& lines_;
  bool started_ = false;
};

struct Hint {
  std::string_view sign;
  std::string_view words;
};

// yaml-cpp's words for what is usually something simpler.
constexpr auto message_hints = std::to_array<Hint>(
    {{"end of sequence flow",
      "close the list with `]`, and put values with `{`, `[` or `: ` in quotes"},
     {"end of map flow", "close the map with `}`, and put values with `{`, `[` or `: ` in quotes"},
     {"end of map", "indent the keys of one map alike, and write `key: value`"},
     {"end of sequence", "indent the items of one list alike, and start each with `- `"},
     {"illegal map value", "put a value with `: ` in quotes, and indent the keys of one map alike"},
     {"illegal EOF", "close the quotes"},
     {"anchor is not defined", "write the value out, or put text that starts with `*` in quotes"}});
constexpr auto line_hints =
    std::to_array<Hint>({{"[:", "put addresses with brackets in quotes: `\"[::]:7443\"`"},
                         {"${", "within `[...]` and `{...}`, put `${NAME}` in quotes"}});

std::string_view hint_for(std::string_view message, std::string_view line) {
  for (const Hint& hint : line_hints) {
    if (line.find(hint.sign) != std::string_view::npos) return hint.words;
  }
  for (const Hint& hint : message_hints) {
    if (message.find(hint.sign) != std::string_view::npos) return hint.words;
  }
  return "check the indentation, quotes and brackets here";
}

// The file's only document as a tree. Throws a Finding.
Node parse(const std::string& text, const Environment& environment, Reading& reading) {
  SourceLines lines(text);
  TreeBuilder tree(environment);
  DocumentReader document(tree, lines);
  std::istringstream stream(text);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(document)) throw Finding{{}, std::string(no_content)};
    parser.HandleNextDocument(document);
  } catch (const YAML::Exception& error) {
    const std::string_view line = lines.line(error.mark.line + 1);
    throw Finding{document.place(error.mark), "this is no valid YAML (" + error.msg +
                                                  "): " + std::string(hint_for(error.msg, line))};
  }
  for (const Finding& finding : tree.findings()) reading.fault(finding);
  return tree.take();
}

std::string read_text(const std::string& path) {
  auto text = read_file(path, max_file);
  if (!text) throw Finding{{}, "the file " + text.error().message};
  if (text->starts_with(byte_order_mark)) text->erase(0, byte_order_mark.size());
  if (auto finding = check_text(*text)) throw *std::move(finding);
  return *std::move(text);
}

Reading begin_reading(const std::string& path) {
  Reading reading;
  reading.places = Places(path);
  // Fails only where the file cannot be opened either, and that is told better.
  std::error_code ignored;
  reading.folder = std::filesystem::absolute(path, ignored).parent_path();
  return reading;
}

Config read(const std::string& path, const Environment& environment, Reading& reading) {
  const Node root = parse(read_text(path), environment, reading);
  if (std::holds_alternative<Node::Nothing>(root.value)) throw Finding{{}, std::string(no_content)};
  return read_config(root, reading);
}

}  // namespace

LoadResult load(const std::string& path, TlsContexts& contexts, const Environment& environment) {
  Reading reading = begin_reading(path);
  Config config;
  try {
    config = read(path, environment, reading);
    const Faults between = validate(config, contexts, reading.places);
    reading.faults.insert(reading.faults.end(), between.begin(), between.end());
  } catch (Finding& finding) {
    reading.fault(std::move(finding));
  }
  if (reading.faults.empty()) return config;
  sort_by_place(reading.faults);
  return std::move(reading.faults);
}

boost::system::result<Admin, Faults> load_admin(const std::string& path,
                                                const Environment& environment) {
  Reading reading = begin_reading(path);
  try {
    const Node root = parse(read_text(path), environment, reading);
    const Faults elsewhere = std::exchange(reading.faults, {});
    const auto* entries = std::get_if<Node::Map>(&root.value);
    if (entries == nullptr) return Admin{};
    const auto admin = std::ranges::find(*entries, "admin", &Entry::key);
    if (admin == entries->end()) return Admin{};
    Admin found = read_admin(Value(reading, KeyPath() / "admin", "admin", &admin->value));
    if (found.listen) return found;
    // Its own fault, or that of a value in it that was told before.
    if (reading.faults.empty()) reading.faults = elsewhere;
  } catch (Finding& finding) {
    reading.fault(std::move(finding));
  }
  return std::move(reading.faults);
}

std::string_view yaml_version() { return SPILLWAY_YAML_CPP_VERSION; }

void throw_exception_from_error(const Faults& faults, const boost::source_location& where) {
  (void)where;
  throw std::logic_error(to_string(faults.front()));
}

}  // namespace spillway::config
