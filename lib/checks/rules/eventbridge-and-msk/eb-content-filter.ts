import { notApplicable, type Rule, verdict } from '../../rule';

/** Filter on event content in the rule. */
export const ebContentFilter: Rule = {
  id: 'eb-content-filter',
  types: ['AWS::Events::Rule'],
  check: (rule) => {
    if (!rule.has('EventPattern')) return notApplicable;
    const pattern = (rule.literal('EventPattern') ?? {}) as Record<string, unknown>;
    return verdict([
      pattern['detail-type'] === undefined && 'the pattern names no detail-type',
      pattern['detail'] === undefined && 'the pattern has no condition on detail',
    ]);
  },
};
