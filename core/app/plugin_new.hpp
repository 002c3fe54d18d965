// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/commands.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

namespace vigie::app {

/// `vigie plugin new NAME --kind KIND`: writes a buildable plugin project into `directory`/NAME
/// from `templates_dir`/KIND and says on stdout what to do next. NAME is a C++ name in lower case
/// (2 to 40 characters of a-z, 0-9, _); KIND is protocol, analytics or notifier. Nothing that
/// exists is touched: a NAME that is there already is `failed`, a bad NAME or KIND is `usage`.
/// [startup]
exit_code plugin_new(std::string_view name, std::string_view kind,
                     const std::filesystem::path& directory,
                     const std::filesystem::path& templates_dir);

/// The templates that belong to the program in `programs`: share/vigie/sdk/template beside an
/// installed one, sdk/template of the source tree it was built in otherwise. [startup]
std::optional<std::filesystem::path> find_plugin_templates(const std::filesystem::path& programs);

}  // namespace vigie::app
