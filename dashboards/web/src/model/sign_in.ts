// SPDX-License-Identifier: Apache-2.0
// Who speaks: a person signs in by name and password, unless the centre lends this page a name of its own.

/** What `/console.json` says: where the bus is, and the name and password lent to this page, if any. */
export interface Door {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export type SignInState =
  | { readonly kind: "lent" }
  | { readonly kind: "wanted"; readonly refused: boolean }
  | { readonly kind: "trying"; readonly with: Credentials }
  | { readonly kind: "signed_in"; readonly with: Credentials };

/** Keeps a person's password in this page's memory and nowhere else: closing the page signs out. */
export class SignIn {
  state: SignInState = { kind: "lent" };
  #arrived: (() => void) | null = null;

  constructor(private readonly changed: () => void) {}

  /** What to connect with; waits for a person where nothing is lent. */
  async credentials(door: Door): Promise<Credentials> {
    if (door.user !== "") {
      this.state = { kind: "lent" };
      return door;
    }
    while (this.state.kind !== "trying" && this.state.kind !== "signed_in") {
      if (this.state.kind === "lent") this.state = { kind: "wanted", refused: false };
      this.changed();
      await new Promise<void>((done) => { this.#arrived = done; });
    }
    return this.state.with;
  }

  submit(user: string, password: string): void {
    this.state = { kind: "trying", with: { user, password } };
    this.changed();
    this.#arrived?.();
  }

  accepted(): void {
    if (this.state.kind === "trying") this.state = { kind: "signed_in", with: this.state.with };
  }

  /** The centre knows no such name and password, or knows them no more. */
  refused(): void {
    if (this.state.kind !== "lent") this.state = { kind: "wanted", refused: true };
  }

  sign_out(): void {
    if (this.state.kind === "signed_in") this.state = { kind: "wanted", refused: false };
    this.changed();
  }
}
