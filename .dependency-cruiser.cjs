// The floors of CONTRIBUTING.md: imports run downward only. `npm run lint:floors` fails for one that does not.

/** The blocks of lib, the lowest first: a block may import those before it. */
const BLOCKS = [
  ...['security', 'api', 'compute', 'users', 'network', 'database', 'messaging', 'storage', 'analytics', 'streaming'],
  ...['monitoring', 'edge', 'ai'],
];
const BOTTOM = ['catalogue', 'facts', 'naming', 'stage', 'template', 'validation'];

const inLib = (folders) => `^lib/(${folders.join('|')})/`;
/** Files that run in Lambda or in a container. */
const RUN_TIME = '^(lib/runtime|lib/[^/]+/handlers|patterns/[^/]+/(handlers|runtime|container|producer))/';
/** Files that run in a browser. */
const BROWSER = '^(lib/site|patterns/[^/]+/site)/';
/** What the command line alone runs: it may call AWS. */
const COMMANDS = '^(lib/operations|patterns/[^/]+/(load|replay|try))/';

/** The patterns as they run locally, beside the engine. */
const LOCAL = '^(local|patterns/[^/]+/local)/';

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

module.exports = {
  forbidden: [
    forbid(
      'no-circle',
      'A circle of values: whoever is loaded first finds the other half-made. Types may go around.',
      { path: '^(bin|lib|patterns|local)/' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'no-pattern-in-lib',
      'A block that knows a pattern is no block.',
      { path: '^lib/' },
      { path: '^(patterns|bin)/' },
    ),
    forbid(
      'no-pattern-in-pattern',
      'What two patterns share is a block.',
      { path: '^patterns/([^/]+)/' },
      { path: '^patterns/[^/]+/', pathNot: '^patterns/$1/' },
    ),
    forbid(
      'no-local-in-product',
      'The local engine reads templates; nothing that is deployed needs it.',
      { path: '^(bin|lib|patterns)/', pathNot: LOCAL },
      { path: [LOCAL, '^(test|scripts|bench)/'] },
    ),
    forbid(
      'no-pattern-in-engine',
      'The engine runs any template; commands find patterns by patterns/patterns.ts.',
      { path: '^local/' },
      { path: '^patterns/[^/]+/' },
    ),
    forbid(
      'no-test-in-local',
      'Tests know the engine, not the other way round.',
      { path: LOCAL },
      { path: '^(test|bench)/' },
    ),
    forbid(
      'bottom-is-the-bottom',
      'These are below the blocks.',
      { path: inLib(BOTTOM) },
      { path: '^lib/', pathNot: inLib(BOTTOM) },
    ),
    ...BLOCKS.map((block, floor) =>
      forbid(
        `upward-from-${block}`,
        `lib/${block} may import the blocks before it in the list of .dependency-cruiser.cjs, and what is below all blocks.`,
        { path: `^lib/${block}/`, pathNot: RUN_TIME },
        { path: inLib([...BLOCKS.slice(floor + 1), 'checks', 'lifecycle', 'operations', 'site']) },
      ),
    ),
    forbid(
      'checks-judge-templates',
      'A rule reads templates, the catalogue and facts: it works on what others wrote, and loads no block.',
      { path: '^lib/checks/' },
      { path: '^lib/', pathNot: inLib(['checks', ...BOTTOM]) },
    ),
    forbid(
      'lifecycle-judges-templates',
      'A rehearsal reads templates and facts: it works on what others wrote, and loads no block and no rule.',
      { path: '^lib/lifecycle/' },
      { path: '^lib/', pathNot: inLib(['lifecycle', ...BOTTOM]) },
    ),
    forbid(
      'facts-and-template-without-cdk',
      'Facts, the catalogue, the reader of templates and the rehearsal are for tools that load no CDK.',
      { path: '^lib/(facts|catalogue|template|lifecycle)/' },
      { path: '^node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    ),
    forbid(
      'commands-without-cdk',
      'Rules and general commands start without the CDK: what takes an app, or is a plugin of its, is in these files alone.',
      {
        path: '^lib/(checks|operations)/',
        pathNot: '^lib/checks/(all-packs|app-rules|groundplan-checks|index|nag)\\.ts$',
      },
      {
        path: [
          '^node_modules/(aws-cdk-lib|constructs|cdk-nag)/',
          '^lib/checks/(all-packs|app-rules|groundplan-checks|index|nag)\\.ts$',
        ],
      },
    ),
    forbid(
      'run-time-without-deploy-time',
      'A handler with the CDK inside would be 50 MB.',
      { path: RUN_TIME },
      { path: '^node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    ),
    forbid(
      'run-time-imports-run-time',
      'Handlers share the run-time library and the contract of their pattern.',
      { path: RUN_TIME },
      { path: '^(lib|patterns)/', pathNot: [RUN_TIME, '^patterns/[^/]+/(contract|clickstream-schema)\\.ts$'] },
    ),
    forbid(
      'deploy-time-without-run-time',
      'Deploy time and run time agree on contracts alone.',
      { path: '^(lib|patterns)/', pathNot: [RUN_TIME, BROWSER, COMMANDS, LOCAL] },
      {
        path: [RUN_TIME, '^node_modules/@aws-sdk/'],
        pathNot:
          '^(lib/runtime/(contract|database-schema|upload-limits)|patterns/[^/]+/runtime/(index|migrations|tokens))\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'browser-by-itself',
      'A page agrees with its API by the contract of its pattern.',
      { path: BROWSER },
      { path: '^(lib|patterns)/', pathNot: [BROWSER, '^patterns/[^/]+/contract\\.ts$'] },
    ),
    forbid(
      'no-browser-elsewhere',
      'Pages are built, not imported.',
      { path: '^(lib|patterns)/', pathNot: BROWSER },
      { path: BROWSER },
    ),
    forbid('not-to-unresolvable', 'An import that leads nowhere.', {}, { path: '^\\.', couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|cdk\\.out|\\.cache)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.json'] },
  },
};
