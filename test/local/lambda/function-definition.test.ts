import { describe, expect, it } from 'vitest';
import { functionDefinition } from '../../../local/lambda/function-definition';

const ASSEMBLY = { assetFolder: (key: string) => `/assets/${key}` };
const resource = (properties: object) => ({
  logicalId: 'Work',
  type: 'AWS::Lambda::Function',
  name: 'work',
  arn: 'arn:aws:lambda:eu-west-1:111111111111:function:work',
  attributes: {},
  properties: {
    Code: { S3Bucket: 'assets', S3Key: 'abc.zip' },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'work' } },
    ...properties,
  },
});

describe('a function of a template', () => {
  it('has its code in the assembly, or in a folder that is given for its service', () => {
    expect(functionDefinition(resource({ Timeout: 30, ReservedConcurrentExecutions: 5 }), ASSEMBLY)).toMatchObject({
      logicalId: 'Work',
      service: 'work',
      folder: '/assets/abc.zip',
      timeout: 30,
      memory: 128,
      reservedConcurrency: 5,
    });
    expect(functionDefinition(resource({}), ASSEMBLY, { work: '/other' })?.folder).toBe('/other');
  });

  it.each([
    ['without an environment', { Environment: undefined }],
    ['of Python', { Runtime: 'python3.13' }],
    ['with its code in the template', { Code: { ZipFile: 'exports.handler = () => 1' } }],
  ])("is not one of ours %s: CDK's own work at deployment only", (_, properties) => {
    expect(functionDefinition(resource(properties), ASSEMBLY)).toBeUndefined();
  });
});
