import { eventDrivenStack, eventDrivenTemplate, testApp } from '../../synthesize';
import { templatesOf } from '../deployed-templates';
import { type PatternProof, type ProofVariant, rowsOf } from '../pattern-proof';
import { HANDLER_PROOFS } from './handler-proofs';
import { EDGE_MUTATIONS, MUTATIONS } from './mutations';

const inOneStack = (name: string, options: { readonly fifo?: boolean; readonly edge?: boolean }): ProofVariant => ({
  name,
  templates: (stage) => ({ EventDriven: eventDrivenTemplate(stage, options).toJSON() }),
  minFindings: 300,
});

/** The option `edge` elsewhere than in CloudFront's own region: in two stacks. */
export const EDGE_ELSEWHERE: ProofVariant = {
  name: 'with an edge, in eu-west-1',
  templates: templatesOf((stage) => {
    const app = testApp();
    eventDrivenStack(app, stage, { edge: {}, env: { region: 'eu-west-1' } });
    return app;
  }),
  minFindings: 300,
};

/** The option `edge` where all of it is in one stack. */
export const EDGE: ProofVariant = { ...inOneStack('with an edge', { edge: true }), mutations: EDGE_MUTATIONS };

/** How the event-driven pattern is proven. */
export const proof: PatternProof = {
  title: 'event-driven pattern',
  rows: rowsOf('event-driven'),
  rowCount: 79,
  variants: [
    { ...inOneStack('', {}), mutations: MUTATIONS },
    inOneStack('with fifo', { fifo: true }),
    EDGE,
    EDGE_ELSEWHERE,
  ],
  handlers: HANDLER_PROOFS,
  tests: {
    'ddb-prewarm-burst': [
      { file: 'test/lib/database/service-table.test.ts', name: 'is warm for the peak that was declared' },
    ],
    'iac-env-profiles': [{ file: 'test/patterns/event-driven/stages.test.ts', name: 'prod' }],
    'cdk-default-rules-as-errors': [{ file: 'test/proof/rule-packs.test.ts', name: 'are really on' }],
    'cloudfront-fronts-everything': [
      { file: 'test/patterns/event-driven/edge.test.ts', name: 'refuses who comes around it' },
    ],
  },
  stated: {
    'ddb-prewarm-burst': '`expectedPeak` of ServiceTable sets WarmThroughput',
    'iac-env-profiles': '`stage` decides sizes, retention and removal; prod turns warnings into errors',
    'cdk-default-rules-as-errors': 'cdk.json sets @aws-cdk/core:validateAgainstDefaultRules',
    'cloudfront-fronts-everything': 'the orders function with the option `edge`; without it each caller needs a token',
  },
};
