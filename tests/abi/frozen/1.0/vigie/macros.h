/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_MACROS_H
#define VIGIE_MACROS_H

/* How these headers are read: they are the specification of the plugin ABI.
 *
 * Thread tags on every function:
 *   [control]      calls to one instance are serialised by the host; may take up to its deadline
 *   [worker]       one call at a time per instance, never at the same time as [control]; may block
 *                  up to its deadline
 *   [any-thread]   from any thread, also several at once. Functions of the host: from init to the
 *                  return of init, and from start to the return of stop
 *   [scan]         in a process of its own, before anything is created
 * State tags: [created] create returned; [initialised] init succeeded; [started] start succeeded
 * and stop was not called since; "& !started" means not started. A call that fails changes no
 * state.
 *
 * Strings are UTF-8, not necessarily terminated, and valid until the call returns unless said
 * otherwise. Pointers that are given are not null, except `error`, `context`, and where a comment
 * says so; an id given as `const char*` is zero-terminated.
 *
 * Growth: every struct passed by pointer begins with `size`, set by the side that made it. The
 * receiver looks at `size` before any other member (VIGIE_HAS), treats what is missing at the end
 * as zero (a function: as null), and ignores what it does not know. A callee that fills a struct
 * writes no byte at or after its `size` and leaves `size` as it is. The members that are here
 * in 1.0 are never moved, and structs without a size (vigie_str_t, vigie_bytes_t, vigie_plane_t,
 * vigie_version_t) never change; new functions come as new extensions.
 *
 * Layout: the members that carry alignment are explicit; a 64-bit build has no hidden padding, and
 * its sizes and offsets are asserted in tests/abi. Host and plugin are of the same architecture.
 *
 * No exception, C++ type or allocation crosses the line. A plugin has no process-wide effects: no
 * signal handler, no locale, no atexit, nothing on stdout or stderr. A host may make several
 * instances of one plugin and spread its cameras over them: what belongs to an instance hangs on
 * vigie_plugin_t.data, never on a global variable. */

#include <stddef.h>

/* Is `member` inside what the maker of `*pointer` (a `type`) knew? Function tables: test the member
 * for null as well. */
#define VIGIE_HAS(pointer, type, member) \
  ((pointer)->size >= offsetof(type, member) + sizeof((pointer)->member))

#ifdef __cplusplus
#define VIGIE_EXTERN_C_BEGIN extern "C" {
#define VIGIE_EXTERN_C_END }
#else
#define VIGIE_EXTERN_C_BEGIN
#define VIGIE_EXTERN_C_END
#endif

/* A plugin exports one symbol; everything else is compiled with hidden visibility. */
#if defined(_WIN32)
#define VIGIE_EXPORT __declspec(dllexport)
#else
#define VIGIE_EXPORT __attribute__((visibility("default")))
#endif

#endif
