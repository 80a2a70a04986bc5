/** The stacks that a command of the CDK CLI is about. */
export interface Selection {
  /** Whether it needs their names alone. */
  readonly namesOnly: boolean;
  /** Whether it needs to know where the stacks go, and nothing else of them. @default false */
  readonly environmentsOnly?: boolean;
  /** Whether nothing is deployed by it, so that CDK's own validator can wait for the command that deploys. */
  readonly isDraft: boolean;
  /**
   * Whether it may need a stack.
   *
   * @param all the ids of all stacks
   */
  includes(id: string, all: readonly string[]): boolean;
}

/** Every stack. */
export const ALL: Selection = { namesOnly: false, isDraft: false, includes: () => true };

const NAMES_ONLY: Selection = { namesOnly: true, isDraft: true, includes: () => false };

/** A region that cannot have one pattern is bootstrapped for the others all the same. */
const ENVIRONMENTS_ONLY: Selection = { ...NAMES_ONLY, environmentsOnly: true };

/** Commands that take names of stacks; another may need all of them. */
const ABOUT_STACKS = new Set([
  'deploy',
  'destroy',
  'diff',
  'drift',
  'import',
  'metadata',
  'publish-assets',
  'rollback',
  'synth',
  'synthesize',
  'watch',
]);
const LISTS = new Set(['list', 'ls']);
const DRAFTS = new Set(['synth', 'synthesize']);
/** What makes a list show more than names. */
const MORE_THAN_NAMES = /^(-[a-z]*[ldj][a-z]*|--(long|json|show-dependencies)(=.*)?)$/;

/**
 * What a command line of the CDK CLI asks for. Where that is not certain it is every stack: an option's value that is called like a
 * stack only adds it.
 *
 * @param args what follows `cdk`
 */
export function selectionOf(args: readonly string[]): Selection {
  // A later word may be the value of an option: `--profile list`.
  if (LISTS.has(args[0] ?? '')) return args.some((arg) => MORE_THAN_NAMES.test(arg)) ? ALL : NAMES_ONLY;
  if (args[0] === 'bootstrap') return ENVIRONMENTS_ONLY;
  const isDraft = DRAFTS.has(args[0] ?? '');
  const command = args.find((arg) => ABOUT_STACKS.has(arg));
  if (command === undefined || args.some((arg) => arg === '--all' || arg === '--all=true')) return { ...ALL, isDraft };
  const patterns = args.filter((arg) => arg !== command && !arg.startsWith('-')).map(matcherOf);
  return {
    namesOnly: false,
    isDraft,
    includes: (id, all) => {
      const named = patterns.filter((matches) => all.some(matches));
      return named.length === 0 || named.some((matches) => matches(id));
    },
  };
}

/** A name, or a glob with `*` and `?`. What else a glob may have takes every stack. */
function matcherOf(text: string): (id: string) => boolean {
  if (/[[\]{}()!|]/.test(text)) return () => true;
  const source = text
    .replace(/[.+^$\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const shape = new RegExp(`^${source}$`);
  return (id) => shape.test(id);
}
