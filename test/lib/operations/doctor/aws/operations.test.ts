import { describe, expect, it } from 'vitest';
import { OPERATIONS, placeOfCall } from '../../../../../lib/operations/doctor/aws/operations';
import { wireOf } from '../../../../../lib/operations/doctor/aws/protocol';
import { SDK_REQUESTS } from './sdk-requests-fixture';

/** The same form or document, in whatever order. */
function asData(contentType: string | undefined, body: string | undefined): unknown {
  if (body === undefined) return undefined;
  return contentType === 'application/x-www-form-urlencoded'
    ? Object.fromEntries(new URLSearchParams(body))
    : JSON.parse(body);
}

describe('the calls of the doctor', () => {
  it('are all recorded from the SDK', () => {
    expect(SDK_REQUESTS.map(({ action }) => action)).toEqual(Object.keys(OPERATIONS));
  });

  it.each(SDK_REQUESTS)('$action is sent as the SDK sends it', (expected) => {
    const { action, input, signs, method, path, target, contentType, body } = expected;
    const operation = OPERATIONS[action];
    const wire = wireOf(operation, action.split(':')[1] ?? '', input);
    expect([wire.method, wire.path, wire.headers['x-amz-target'], wire.headers['content-type']]).toEqual([
      method,
      path,
      target,
      contentType,
    ]);
    expect(asData(contentType, wire.body)).toEqual(asData(contentType, body));
    expect(operation.signs ?? operation.host).toBe(signs);
  });

  it.each(SDK_REQUESTS)('$action goes where the SDK goes', ({ action, hosts }) => {
    const operation = OPERATIONS[action];
    for (const [region, [hostname, signed]] of Object.entries(hosts)) {
      const place = placeOfCall(operation, region, region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');
      // CloudFront is not in this partition, whatever its client says.
      if (action === 'cloudfront:ListDistributions' && region === 'us-gov-west-1') expect(place).toBeUndefined();
      else expect(place).toEqual({ hostname, region: signed });
    }
  });

  it('know no global service of a partition of its own', () => {
    for (const region of ['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'eusc-de-east-1']) {
      expect(placeOfCall(OPERATIONS['iam:GetRole'], region, 'example.com')).toBeUndefined();
      expect(placeOfCall(OPERATIONS['ssm:GetParameter'], region, 'example.com')).toEqual({
        hostname: `ssm.${region}.example.com`,
        region,
      });
    }
  });

  it('all read', () => {
    for (const [action, { protocol }] of Object.entries(OPERATIONS)) {
      expect(action).toMatch(/^[a-z0-9-]+:(Get|List|Describe|Head)[A-Za-z]*$|^apigateway:GET$/);
      if (protocol.kind === 'rest' && protocol.method === 'POST') expect(protocol.path).toMatch(/^\/Get/);
    }
  });
});
