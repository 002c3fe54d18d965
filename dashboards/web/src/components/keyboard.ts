// SPDX-License-Identifier: Apache-2.0

/** Letters belong to the field that has the keyboard. */
export const is_typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
