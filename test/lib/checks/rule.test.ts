import { describe, expect, it } from 'vitest';
import { compliant, isDeploymentHelper, judge, mustHold, type Rule, verdict } from '../../../lib/checks/rule';
import { CannotTell } from '../../../lib/template/template-resource';
import { inventoryOf, resourceIn } from './literal-fixture';

const resource = (id: string, properties: object = {}, path?: string) => {
  const metadata = path === undefined ? undefined : { 'aws:cdk:path': path };
  return resourceIn(inventoryOf({ [id]: ['AWS::Lambda::Function', properties, metadata] }), id);
};

describe('a verdict', () => {
  it('is compliant without findings', () => {
    expect([verdict([]), verdict([false, undefined]), mustHold(true, 'a')]).toEqual([compliant, compliant, compliant]);
  });
  it('is a violation with those that there are', () => {
    expect(verdict([false, 'a', undefined, 'b'])).toEqual({ kind: 'violation', findings: ['a', 'b'] });
    expect(mustHold(false, 'a')).toEqual({ kind: 'violation', findings: ['a'] });
  });
  it('cannot tell what only deployment knows, and says of any other error that the rule failed', () => {
    const throwing = (error: Error): Pick<Rule, 'check'> => ({
      check: () => {
        throw error;
      },
    });
    const judged = (error: Error) => judge(throwing(error), resource('Fn'), inventoryOf({}));
    expect(judged(new CannotTell('why'))).toEqual({ kind: 'cannot-tell', why: 'why' });
    expect(judged(new TypeError('broken'))).toEqual({ kind: 'failed', why: 'broken' });
  });
});

describe('what CDK deploys for itself', () => {
  it.each(['__entrypoint__.handler', 'framework.onEvent', 'framework.isComplete', 'framework.onTimeout'])(
    'runs %s',
    (Handler) => {
      expect(isDeploymentHelper(resource('Fn', { Handler }))).toBe(true);
      expect(isDeploymentHelper(resource('Fn', { Handler: `my${Handler}` }))).toBe(false);
      expect(isDeploymentHelper(resource('Fn', { Handler: `${Handler}s` }))).toBe(false);
    },
  );
  it.each([
    'Mine/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler',
    'Mine/AWS679f53fac002430cb0da5b7982bd2287/Resource',
    'AWS679f53fac002430cb0da5b7982bd2287',
    'Mine/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource',
    'Mine/BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Resource',
    'CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C81C01536',
    'CustomS3AutoDeleteObjectsCustomResourceProviderHandler9D90184F',
    'CustomVpcRestrictDefaultSGCustomResourceProviderHandlerDC833E5E',
  ])('is at %s', (path) => {
    expect(isDeploymentHelper(resource('Fn', {}, path))).toBe(true);
  });
  it.each([
    'Mine/Fn/Resource',
    'Mine/CustomFn',
    'CustomCDKThing',
    'AWS679f53fac0024',
    'Mine/MyAWS679f53fac002430cb0da5b7982bd2287',
    'CustomOther9D90184F',
    'CustomS3Handlerz9D90184',
    'CustomS3Handler9D90184Fx',
    'AWS679f53fac002430cb0da5b7982bd228',
  ])('is not at %s', (path) => {
    expect(isDeploymentHelper(resource('Fn', { Handler: 'index.handler' }, path))).toBe(false);
  });
});
