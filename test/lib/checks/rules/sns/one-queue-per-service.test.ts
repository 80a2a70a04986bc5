import { oneQueuePerService } from '../../../../../lib/checks/rules/sns/one-queue-per-service';
import { att, cases, type Literal, type Literals, ref } from '../../literal-fixture';

const mapping = (fn: string): Literal => [
  'AWS::Lambda::EventSourceMapping',
  { EventSourceArn: att('Queue'), FunctionName: ref(fn) },
];
const queue: Literals = {
  Queue: ['AWS::SQS::Queue', {}],
  A: ['AWS::Lambda::Function', {}],
  B: ['AWS::Lambda::Function', {}],
  Alias: ['AWS::Lambda::Alias', { FunctionName: ref('A') }],
  One: mapping('A'),
};

cases(oneQueuePerService, queue, [
  ['compliant', 'one function reads it'],
  ['compliant', 'one does by two ways', { Two: mapping('Alias') }],
  [
    'compliant',
    'another reads another',
    { Two: ['AWS::Lambda::EventSourceMapping', { EventSourceArn: 'other', FunctionName: ref('B') }] },
  ],
  [
    'violation',
    'two do',
    { Two: mapping('B') },
    '2 functions take messages from one another; allowed: one queue for each',
  ],
  ['not-applicable', 'none does', { One: undefined }],
  ['cannot-tell', 'the function is elsewhere', { 'One.FunctionName': 'theirs' }],
]);
