// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from "preact/hooks";
import { useDesk } from "./context.ts";
import { Logo } from "./icons.tsx";

/** Covers the page until a person has signed in. */
export function SignInScreen() {
  const { t, bus } = useDesk();
  const { state } = bus.sign_in;
  const [user, set_user] = useState("");
  const [password, set_password] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const is_shown = state.kind === "wanted" || state.kind === "trying";
  useEffect(() => {
    if (!is_shown) return;
    set_password("");
    form.current?.querySelector<HTMLElement>(user === "" ? "input" : "input[type=password]")?.focus();
  }, [is_shown, state.kind === "wanted" && state.refused]);
  if (!is_shown) return null;
  const is_trying = state.kind === "trying";
  return (
    <div class="sign-in" role="dialog" aria-modal="true" aria-labelledby="sign-in-title" data-testid="sign-in">
      <form ref={form} onSubmit={(event) => { event.preventDefault(); if (user.trim() !== "" && password !== "") bus.sign_in.submit(user.trim(), password); }}>
        <p class="sign-in-brand"><Logo /> {t.app}</p>
        <h2 id="sign-in-title">{t.sign_in.title}</h2>
        <label><span>{t.sign_in.user}</span>
          <input type="text" value={user} autocomplete="username" autocapitalize="none" spellcheck={false} required disabled={is_trying}
            data-testid="sign-in-user" onInput={(event) => set_user(event.currentTarget.value)} /></label>
        <label><span>{t.sign_in.password}</span>
          <input type="password" value={password} autocomplete="current-password" required disabled={is_trying}
            data-testid="sign-in-password" onInput={(event) => set_password(event.currentTarget.value)} /></label>
        {state.kind === "wanted" && state.refused && <p class="field-error" role="alert" data-testid="sign-in-refused">{t.sign_in.refused}</p>}
        <button type="submit" class="primary" disabled={is_trying} data-testid="sign-in-send">{is_trying ? t.sign_in.trying : t.sign_in.send}</button>
        <p class="note">{t.sign_in.note}</p>
      </form>
    </div>
  );
}
