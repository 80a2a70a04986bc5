import { expect, it } from 'vitest';
import { withReturnedValues } from '../../../local/assembly/returned-values';

it('puts values where a template asks for attributes, and leaves everything else', () => {
  const Resources = {
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        At: { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['Cache', 'Address'] }, { 'Fn::GetAtt': ['Cache', 'Port'] }]] },
        Other: [{ 'Fn::GetAtt': ['Table', 'Arn'] }, { Ref: 'Cache' }, null, 1],
      },
    },
  };
  const changed = withReturnedValues({ Resources }, { Cache: { Address: '127.0.0.1' } });
  expect(changed.Resources['Function']?.Properties).toEqual({
    At: { 'Fn::Join': [':', ['127.0.0.1', { 'Fn::GetAtt': ['Cache', 'Port'] }]] },
    Other: [{ 'Fn::GetAtt': ['Table', 'Arn'] }, { Ref: 'Cache' }, null, 1],
  });
  expect(Resources.Function.Properties.At['Fn::Join'][1]).toHaveLength(2);
});
