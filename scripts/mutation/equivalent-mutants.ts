import type { Equivalent } from './equivalents';

/** Mutants that no test can notice, with the reason. `npm run mutation` fails for one that is noticed, or is no mutant any more. */
export const EQUIVALENTS: readonly Equivalent[] = [
  {
    mutant:
      'patterns/web-app/runtime/cursor.ts | regex | /^(0|[1-9]\\d{0,14})\\.(.*)$/ -> /^(0|[1-9]\\d{0,15})\\.(.*)$/',
    reason: 'A time of 16 digits is after the year 9999, and refused for that.',
  },
  {
    mutant:
      'patterns/web-app/runtime/cursor.ts | regex | /^(0|[1-9]\\d{0,14})\\.(.*)$/ -> /^(0|[1-9]\\d{0,14})\\.(.+)$/',
    reason: 'An empty id is no UUID, and refused for that.',
  },
  {
    mutant:
      'patterns/web-app/runtime/cursor.ts | right side alone | id === undefined || !UUID.test(id) -> !UUID.test(id)',
    reason: 'A regular expression reads undefined as a word, which is no UUID.',
  },
  {
    mutant: "patterns/web-app/runtime/inspected-objects.ts | left side alone | ContentRange ?? '' -> ContentRange",
    reason: 'A regular expression reads undefined as a word, in which there is no slash.',
  },
  {
    mutant:
      "patterns/web-app/runtime/item-routes.ts | left side alone | c.req.header('cache-control') ?? '' -> c.req.header('cache-control')",
    reason: 'A regular expression reads undefined as a word, which is not no-cache.',
  },
  {
    mutant:
      'patterns/web-app/runtime/items-repository.ts | left side alone | rows.length > limit && last !== undefined -> rows.length > limit',
    reason:
      'A page has one item or more (pageRequestOf), so that a page with more to come has a last one: the check is for the compiler.',
  },
  {
    mutant:
      "patterns/web-app/runtime/request-input.ts | left side alone | headers.get('content-type') ?? '' -> headers.get('content-type')",
    reason: 'A regular expression reads null as a word, which is no media type.',
  },
  {
    mutant:
      "patterns/web-app/runtime/request-input.ts | right side alone | issue !== undefined && 'keys' in issue -> 'keys' in issue",
    reason: 'What zod refuses has an issue: the check is for the compiler.',
  },
  {
    mutant: 'patterns/web-app/runtime/request-input.ts | left side alone | issue?.path ?? [] -> issue?.path',
    reason: 'What zod refuses has an issue with a path: the check is for the compiler.',
  },
  {
    mutant: 'patterns/web-app/runtime/request-input.ts | optional chain | issue?.path -> issue.path',
    reason: 'What zod refuses has an issue: the check is for the compiler.',
  },
];
