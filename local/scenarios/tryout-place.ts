/** Where someone tries a pattern that runs. */
export interface TryoutPlace {
  /** Its API, and what `curl` needs to be let in. @default - it has none */
  readonly api?: { readonly url: string; readonly flags: string };
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Variables that let the SDK, and commands, talk to the stores. */
  readonly environment: string;
}
