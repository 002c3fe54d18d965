// SPDX-License-Identifier: Apache-2.0
#include "gateway/prometheus_text.hpp"

#include <fmt/format.h>

#include <iterator>

namespace vigie::gateway {
namespace {

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
}

}  // namespace

void prometheus_writer::family(std::string_view name, metric_type type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} ", name);
  append_escaped(text_, help, false);
  text_ +=
      fmt::format("\n# TYPE {} {}\n", name, type == metric_type::counter ? "counter" : "gauge");
}

void prometheus_writer::sample(std::initializer_list<label> labels, double value) {
  text_ += name_;
  if (labels.size() > 0) {
    char separator = '{';
    for (const auto& [key, label_value] : labels) {
      text_ += separator;
      text_ += key;
      text_ += "=\"";
      append_escaped(text_, label_value, true);
      text_ += '"';
      separator = ',';
    }
    text_ += '}';
  }
  // fmt writes the shortest text that reads back as the same double; integers come out whole.
  fmt::format_to(std::back_inserter(text_), " {}\n", value);
}

}  // namespace vigie::gateway
