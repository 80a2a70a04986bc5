import { notApplicable, type Rule, verdict } from '../../rule';

export const ebContentFilter: Rule = {
  id: 'eb-content-filter',
  title: 'A rule asks for a detail-type and for a condition on the detail',
  why: 'A rule that asks for the source alone sends every event of it to the target: each is billed, and the code throws most of them away.',
  fix: 'Name detail-type in the EventPattern, and a condition on a field of detail, such as { "total": [{ "numeric": [">", 100] }] }.',
  severity: 'advice',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html',
  example: {
    fixed: {
      LargeOrders: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: {
            source: ['shop.orders'],
            'detail-type': ['OrderPlaced'],
            detail: { total: [{ numeric: ['>', 100] }] },
          },
        },
      },
    },
    broken: [
      { 'LargeOrders.Properties.EventPattern.detail-type': null },
      { 'LargeOrders.Properties.EventPattern.detail': null },
      { 'LargeOrders.Properties.EventPattern': { source: ['shop.orders'] } },
    ],
  },
  types: ['AWS::Events::Rule'],
  check: (rule) => {
    if (!rule.has('EventPattern')) return notApplicable;
    const pattern = rule.map('EventPattern');
    return verdict([
      pattern['detail-type'] === undefined && 'the pattern names no detail-type',
      pattern['detail'] === undefined && 'the pattern has no condition on detail',
    ]);
  },
};
