import { ebContentFilter } from '../../../../../lib/checks/rules/eventbridge-and-msk/eb-content-filter';
import { cases, type Literals, PARAMETER } from '../../literal-fixture';

const pattern = (EventPattern: unknown): Literals => ({ Rule: ['AWS::Events::Rule', { EventPattern }] });

cases(ebContentFilter, pattern({ 'detail-type': ['OrderPlaced'], detail: { total: [{ numeric: ['>', 100] }] } }), [
  ['compliant', 'it looks at what happened'],
  ['violation', 'it names no type', pattern({ detail: {} }), 'the pattern names no detail-type'],
  ['violation', 'it has no condition', pattern({ 'detail-type': [] }), 'the pattern has no condition on detail'],
  ['violation', 'it looks at the source alone', pattern({ source: [] }), ['detail-type', 'condition']],
  ['not-applicable', 'it has none', { 'Rule.EventPattern': undefined }],
  ['cannot-tell', 'a parameter says it', pattern(PARAMETER)],
]);
