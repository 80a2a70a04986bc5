import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../../../lib/operations/doctor/aws/operations';
import { AwsAnswerError, answerOf, itemsOf } from '../../../../../lib/operations/doctor/aws/protocol';

const reply = (status: number, body: string, headers: Record<string, string> = {}) => ({ status, body, headers });

/** What an answer is refused with. */
function errorOf(operation: keyof typeof OPERATIONS, status: number, body: string, headers?: Record<string, string>) {
  try {
    answerOf(OPERATIONS[operation], 'X', reply(status, body, headers));
  } catch (error) {
    if (error instanceof AwsAnswerError) return [error.name, error.message, error.status];
    throw error;
  }
  throw new Error('It is no error');
}

describe('an answer', () => {
  it('of JSON is what it says, and nothing where it says nothing', () => {
    expect(answerOf(OPERATIONS['ssm:GetParameter'], 'GetParameter', reply(200, '{"Parameter":{"Value":"6"}}'))).toEqual(
      {
        Parameter: { Value: '6' },
      },
    );
    expect(answerOf(OPERATIONS['s3:ListBucket'], 'ListBucket', reply(200, ''))).toEqual({});
  });

  it('of XML has lists of one, of several and of none', () => {
    const zones = (items: string) =>
      answerOf(
        OPERATIONS['ec2:DescribeVpcs'],
        'DescribeVpcs',
        reply(200, `<DescribeVpcsResponse>${items}</DescribeVpcsResponse>`),
      );
    const item = '<item><vpcId>vpc-1</vpcId><tagSet><item><key>a</key></item></tagSet></item>';
    const one = { vpcId: 'vpc-1', tagSet: [{ key: 'a' }] };
    expect(zones(`<vpcSet>${item}</vpcSet>`)).toEqual({ vpcSet: [one] });
    expect(zones(`<vpcSet>${item}${item}</vpcSet>`)).toEqual({ vpcSet: [one, one] });
    expect(zones('<vpcSet/>')).toEqual({ vpcSet: '' });
  });

  it('of the Query protocol is what its result says', () => {
    const stacks = '<Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>';
    const body = `<DescribeStacksResponse><DescribeStacksResult>${stacks}</DescribeStacksResult><ResponseMetadata/></DescribeStacksResponse>`;
    expect(answerOf(OPERATIONS['cloudformation:DescribeStacks'], 'DescribeStacks', reply(200, body))).toEqual({
      Stacks: [{ StackStatus: 'CREATE_COMPLETE' }],
    });
  });

  it('has no items where XML has an empty element', () => {
    expect([itemsOf(undefined), itemsOf(['a']), itemsOf('' as unknown as undefined)]).toEqual([[], ['a'], []]);
  });
});

describe('an error', () => {
  it.each([
    ['{"__type":"com.amazon.ssm#ParameterNotFound","message":"m"}', {}, ['ParameterNotFound', 'm', 400]],
    [
      '{"Message":"m"}',
      { 'x-amzn-errortype': 'AccessDeniedException:http://internal.amazon.com/' },
      ['AccessDeniedException', 'm', 400],
    ],
    ['{"code":"Throttling"}', {}, ['Throttling', '{"code":"Throttling"}', 400]],
    ['<html>', {}, ['HTTP 400', '<html>', 400]],
    ['[]', {}, ['HTTP 400', '[]', 400]],
  ])('of JSON: %s', (body, headers, expected) => {
    expect(errorOf('ssm:GetParameter', 400, body, headers)).toEqual(expected);
  });

  it.each([
    [
      '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>m</Message></Error></ErrorResponse>',
      ['NoSuchEntity', 'm', 404],
    ],
    [
      '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>m</Message></Error></Errors></Response>',
      ['UnauthorizedOperation', 'm', 404],
    ],
    ['', ['HTTP 404', 'HTTP 404', 404]],
  ])('of XML: %s', (body, expected) => {
    expect(errorOf('iam:GetRole', 404, body)).toEqual(expected);
  });

  it('is a redirect, too', () => {
    expect(errorOf('s3:ListBucket', 301, '')).toEqual(['HTTP 301', 'HTTP 301', 301]);
  });
});
