import { Template } from 'aws-cdk-lib/assertions';
import { describe, it } from 'vitest';
import { expectCommitted, expectCommittedDifference } from '../../snapshots/committed-fixture';
import { dataPipelineStack, dataPipelineTemplate, testApp } from '../../synthesize';

const template = (stage: 'dev' | 'staging' | 'prod') => dataPipelineTemplate(stage).toJSON();

describe('the template of the data pipeline', () => {
  it('is as committed in dev', async () => {
    await expectCommitted('data-pipeline.dev', template('dev'));
  });

  it.each(['staging', 'prod'] as const)('differs in %s by what is committed', async (stage) => {
    await expectCommittedDifference(`data-pipeline.${stage}`, [template('dev'), template(stage)], ['dev', stage]);
  });

  it.each([
    ['a warehouse', 'warehouse', { warehouse: true }],
    ['an API for roles', 'api-for-roles', { api: { authorizer: 'iam' } }],
  ] as const)('gets from %s what is committed', async (_, name, props) => {
    const after = Template.fromStack(dataPipelineStack(testApp(), 'staging', props)).toJSON();
    await expectCommittedDifference(`data-pipeline.${name}`, [template('staging'), after], ['staging', name]);
  });
});
