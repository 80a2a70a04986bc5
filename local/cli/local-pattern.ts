import type { SynthesizedStack } from '../assembly/cloud-assembly';
import type { Clock } from '../clock/clock';
import type { LocalEngine, LocalEngineOptions } from '../engine/local-engine';
import type { FuzzTarget } from '../fuzz/target';
import type { SitePlace } from '../scenarios/site-place';
import type { TryoutPlace } from '../scenarios/tryout-place';
import type { PatternDemo } from './pattern-demo';
import { patternNamed, type SynthesizedPattern } from './patterns';

/** A pattern as the local engine runs it: `local` of `patterns/<name>/local/index.ts`. */
export interface LocalPattern {
  /** `npm run demo`. */
  readonly demo: PatternDemo;
  /** `npm start`. */
  readonly start: StartApi | StartSite;
  /** `npm run fuzz`. @default - it has no API that takes requests */
  fuzz?(stack: SynthesizedStack): FuzzTarget | Promise<FuzzTarget>;
}

/** How a pattern with an API alone is tried. */
export interface StartApi {
  /** Commands to paste. */
  examples(place: TryoutPlace): readonly string[];
  /** Prints what happens inside. @returns how to end it */
  watch?(engine: LocalEngine, say: (text: string) => void): () => void;
}

/** How a pattern with a site is tried. */
export interface StartSite {
  /** Reads its options before anything is synthesized. @throws UsageError for one that cannot be */
  site(values: StartValues): Promise<OpenSite>;
}

/** Options of `npm start` that a site may take. */
export interface StartValues {
  readonly bedrock?: boolean | undefined;
  readonly guardrail?: string | undefined;
  readonly assembly?: string | undefined;
}

/** Opens a site, with what a person should know to try it. @throws UsageError for a port that is taken */
export type OpenSite = (
  pattern: SynthesizedPattern,
  port: number,
  options: { readonly clock: Clock } & Pick<LocalEngineOptions, 'onLog'>,
) => Promise<OpenedSite>;

/** A site that is open. */
export interface OpenedSite {
  readonly place: SitePlace;
  readonly engine: LocalEngine;
  readonly texts: readonly string[];
}

/** What runs of a pattern here. @throws UsageError for a pattern that does not exist */
export async function localPattern(name: string): Promise<LocalPattern> {
  const pattern = patternNamed(name);
  const { local } = (await import(`../../patterns/${pattern.name}/local/index.ts`)) as { readonly local: LocalPattern };
  return local;
}
