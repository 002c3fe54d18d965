// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstdint>

namespace vigie::plugin_host {

/// Copies up to `size` bytes of a child's memory; how many, 0 when none can be read.
inline std::size_t read_memory(pid_t process, std::uint64_t address, void* into, std::size_t size) {
  if (size == 0) return 0;
  iovec here{into, size};
  iovec there{reinterpret_cast<void*>(address), size};
  const auto read = ::process_vm_readv(process, &here, 1, &there, 1, 0);
  return read > 0 ? static_cast<std::size_t>(read) : 0;
}

template <class T>
bool read_value(pid_t process, std::uint64_t address, T& into) {
  return read_memory(process, address, &into, sizeof into) == sizeof into;
}

template <class T>
bool write_value(pid_t process, std::uint64_t address, T value) {
  iovec here{&value, sizeof value};
  iovec there{reinterpret_cast<void*>(address), sizeof value};
  return ::process_vm_writev(process, &here, 1, &there, 1, 0) == sizeof value;
}

}  // namespace vigie::plugin_host
