import { expect, it } from 'vitest';
import { nagResource } from '../../../lib/validation/nag-resource';
import { att, join, placeholders, ref } from '../checks/literal-fixture';

it.each([
  ['*', '*'],
  ['arn:aws:s3:::mine/*', 'arn:aws:s3:::mine/*'],
  [5, '5'],
  [null, 'null'],
  [undefined, 'undefined'],
  [ref('Bucket'), '<Bucket>'],
  [att('Bucket', 'Arn'), '<Bucket.Arn>'],
  [{ 'Fn::GetAtt': ['Data', 'Endpoint', 'Address'] }, '<Data.Endpoint.Address>'],
  [
    { 'Fn::Sub': placeholders('arn:#{AWS::Partition}:s3:::#{Bucket.Name}/*') },
    'arn:<AWS::Partition>:s3:::<Bucket.Name>/*',
  ],
  [join('a', ref('B'), '/*'), 'a<B>/*'],
  [{ 'Fn::Join': ['-', ['a', join('b', ref('C'))]] }, 'a-b<C>'],
  [{ 'Fn::Select': [0, 'a'] }, '{"Fn::Select":[0,"a"]}'],
])('%j is %s', (resolved, name) => {
  expect(nagResource(resolved)).toBe(name);
});
