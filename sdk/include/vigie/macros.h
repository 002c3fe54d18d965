/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIGIE_MACROS_H
#define VIGIE_MACROS_H

/* How these headers are read: they are the specification of the plugin ABI.
 *
 * Thread tags on every function:
 *   [control]      calls to one instance are serialised by the host; may take up to its deadline
 *   [worker]       one call at a time per instance, never at the same time as [control]; may block
 *                  up to its deadline
 *   [any-thread]   from any thread of the plugin, at any time between init and destroy
 *   [scan]         in a process of its own, before anything is created
 * State tags: [created] [initialised] [started]; "& !started" means not started.
 *
 * Strings are UTF-8, not necessarily terminated, and valid until the call returns unless said
 * otherwise. Structs passed by pointer begin with `size`: the receiver looks at `size` before any
 * other member, treats what is missing at the end as zero, and ignores what it does not know.
 * No exception, C++ type or allocation crosses the line. */

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
