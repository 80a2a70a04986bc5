import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { describe, expect, it } from 'vitest';
import { addTryOutput, type StageName, stages } from '../../../lib';
import { takesAdminSignIn } from '../../../lib/stage/try-output';

/** Outputs and metadata of a stack of a user's own. */
function written(stage: StageName, users: 'own' | 'none' = 'own') {
  const stack = new Stack(new App(), 'Mine', { stackName: 'Shop', env: { region: 'eu-west-1' } });
  const userPool = new UserPool(stack, 'Users');
  addTryOutput(stack, { pattern: 'event-driven', stage: stages[stage], ...(users === 'own' && { userPool }) });
  const { Metadata, Outputs = {} } = Template.fromStack(stack).toJSON();
  return { Metadata, Outputs };
}

describe('the outputs that say how to begin', () => {
  it('are the line of groundplan try in dev, with the name that CloudFormation has', () => {
    const { Metadata, Outputs } = written('dev');
    expect(Metadata).toEqual({ groundplan: { pattern: 'event-driven', stage: 'dev' } });
    expect(Object.keys(Outputs)).toEqual(['Try']);
    expect(Outputs.Try.Value).toBe('npx groundplan try Shop --region eu-west-1');
  });

  it.each(['staging', 'prod'] as const)('are the line that makes the first user in %s', (stage) => {
    const { Metadata, Outputs } = written(stage);
    expect(Metadata.groundplan.stage).toBe(stage);
    expect(Object.keys(Outputs)).toEqual(['FirstUser']);
    expect(JSON.stringify(Outputs.FirstUser.Value)).toMatch(
      /aws cognito-idp admin-create-user --region eu-west-1 --user-pool-id .*Users.* --username you@example\.com .*--desired-delivery-mediums EMAIL/,
    );
  });

  it.each(['dev', 'prod'] as const)('are none in %s where the users are of another', (stage) => {
    const { Metadata, Outputs } = written(stage, 'none');
    expect([Metadata.groundplan.stage, Outputs]).toEqual([stage, {}]);
  });

  it('go with sign-in by an administrator, in dev alone', () => {
    expect(
      Object.values(stages)
        .filter(takesAdminSignIn)
        .map(({ name }) => name),
    ).toEqual(['dev']);
  });
});
