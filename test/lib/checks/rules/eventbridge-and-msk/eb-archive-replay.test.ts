import { ebArchiveReplay } from '../../../../../lib/checks/rules/eventbridge-and-msk/eb-archive-replay';
import { att, cases, type Literals, NO_VALUE } from '../../literal-fixture';

const bus: Literals = {
  Bus: ['AWS::Events::EventBus', {}],
  Archive: ['AWS::Events::Archive', { SourceArn: att('Bus'), RetentionDays: 14 }],
};

cases(ebArchiveReplay, bus, [
  ['compliant', 'events are kept for a while'],
  ['violation', 'none is', { Archive: undefined }, 'no archive, so lost events cannot be replayed'],
  ['violation', 'those of another bus are', { 'Archive.SourceArn': 'other' }, 'no archive'],
  ['violation', 'they are kept for ever', { 'Archive.RetentionDays': undefined }, 'no RetentionDays'],
  ['violation', 'they are kept for 0 days, which is forever', { 'Archive.RetentionDays': 0 }, 'forever'],
  ['violation', 'they are, as text', { 'Archive.RetentionDays': '0' }, 'forever'],
  ['compliant', 'they are kept for a day', { 'Archive.RetentionDays': 1 }],
  ['cannot-tell', 'a condition says it', { 'Archive.RetentionDays': { 'Fn::If': ['Prod', 14, NO_VALUE] } }],
  ['compliant', 'a condition says how long', { 'Archive.RetentionDays': { 'Fn::If': ['Prod', 14, 1] } }],
]);
