// SPDX-License-Identifier: Apache-2.0
#include "xml.hpp"

namespace vigie::onvif {

namespace {

// pugixml walks without recursion, so depth can be judged after parsing.
struct judge : pugi::xml_tree_walker {
  const char* complaint = nullptr;
  bool for_each(pugi::xml_node& node) override {
    if (node.type() == pugi::node_doctype) complaint = "a document type is not accepted";
    if (depth() >= max_depth) complaint = "nested too deeply";
    return complaint == nullptr;
  }
};

}  // namespace

outcome<pugi::xml_document> parse_bounded(std::string_view text) {
  if (text.size() > max_message_bytes) return failed(VIGIE_E_IO, "the answer is too large");
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype);
  if (!parsed)
    return failed(VIGIE_E_IO, std::string{"the answer is no XML: "} + parsed.description());
  judge walker;
  document.traverse(walker);
  if (walker.complaint)
    return failed(VIGIE_E_IO, std::string{"the answer is refused: "} + walker.complaint);
  return document;
}

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child(const pugi::xml_node& parent, std::string_view name) {
  for (const pugi::xml_node& one : parent.children())
    if (one.type() == pugi::node_element && local_name(one) == name) return one;
  return {};
}

pugi::xml_node at(pugi::xml_node from, std::string_view path) {
  while (from && !path.empty()) {
    const std::size_t slash = path.find('/');
    from = child(from, path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return from;
}

std::string text_at(const pugi::xml_node& from, std::string_view path) {
  const std::string_view text = at(from, path).text().get();
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1)};
}

std::string attribute(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& one : node.attributes()) {
    const std::string_view full = one.name();
    const std::size_t colon = full.find(':');
    if ((colon == std::string_view::npos ? full : full.substr(colon + 1)) == name)
      return one.value();
  }
  return {};
}

std::string namespace_of(pugi::xml_node node, std::string_view prefix) {
  const std::string wanted = prefix.empty() ? "xmlns" : "xmlns:" + std::string{prefix};
  for (; node; node = node.parent())
    if (const auto declared = node.attribute(wanted.c_str())) return declared.value();
  return {};
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

}  // namespace vigie::onvif
