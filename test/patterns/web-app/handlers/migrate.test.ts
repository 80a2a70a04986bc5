// @node24

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logger } from '../../../../lib/runtime/observability';
import { LocalRdsData } from '../../../../local/aws/rds-data';
import { bodyOf, type LocalAws, startLocalAws } from '../../../../local/aws/server';
import { AwsError } from '../../../../local/aws/service';
import type { RecordedCall } from '../../../../local/aws/wire';
import { describeWithPostgres } from '../../../fixtures/describe-with';
import { type EmptyPostgres, query, startEmptyPostgres } from '../../../fixtures/empty-postgres';

const REQUEST = {
  clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:app',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!cluster-1-abcdef',
  database: 'app',
  user: 'app',
  version: '1',
};

describeWithPostgres('the schema at deployment', () => {
  let postgres: EmptyPostgres;
  let url: string;
  let store: LocalRdsData;
  let aws: LocalAws;
  let cloudFormation: Server;
  let answers: Record<string, string>[] = [];
  let calls: RecordedCall[] = [];
  let refusal: AwsError | undefined;

  beforeAll(async () => {
    postgres = await startEmptyPostgres();
    url = await postgres.renew();
    store = new LocalRdsData(url);
    const onCall = (call: RecordedCall) => {
      calls.push(call);
      if (refusal !== undefined) throw refusal;
    };
    aws = await startLocalAws({ 'rds-data': store }, { onCall });
    cloudFormation = createServer(async (request, response) => {
      answers.push(JSON.parse((await bodyOf(request)).toString()) as Record<string, string>);
      response.end();
    });
    await new Promise<void>((listening) => cloudFormation.listen(0, '127.0.0.1', listening));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    logger.setLogLevel('SILENT');
  });
  afterAll(async () => {
    cloudFormation?.close();
    await aws?.close();
    await store?.close();
    await postgres?.stop();
  });

  async function deploy(RequestType: 'Create' | 'Update' | 'Delete', more: object = {}) {
    answers = [];
    calls = [];
    // Loaded by each test, so that a handler that cannot be loaded fails them all by name.
    const { handler } = await import('../../../../patterns/web-app/handlers/migrate.js');
    await handler({
      RequestType,
      ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Schema',
      ResourceProperties: { ServiceToken: 'token', ...REQUEST },
      ...more,
    } as unknown as CloudFormationCustomResourceEvent);
    expect(answers).toHaveLength(1);
    return answers[0];
  }
  const tables = () => query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");

  it('makes it, and names it by what it belongs to, so that an update never removes it', async () => {
    const PhysicalResourceId = `${REQUEST.clusterArn}/app`;
    expect(await deploy('Create')).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(await tables()).toHaveLength(3);
    const updated = await deploy('Update', { PhysicalResourceId, OldResourceProperties: { ...REQUEST, version: '0' } });
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  });

  it('asks the Data API alone, of the cluster and with the secret that it was given', async () => {
    await deploy('Update', { PhysicalResourceId: 'before' });
    expect(new Set(calls.map(({ service }) => service))).toEqual(new Set(['rds-data']));
    for (const { input } of calls) {
      expect(input).toMatchObject({ resourceArn: REQUEST.clusterArn, secretArn: REQUEST.secretArn });
    }
  });

  it('takes nothing away when the stack goes', async () => {
    const PhysicalResourceId = `${REQUEST.clusterArn}/app`;
    expect(await deploy('Delete', { PhysicalResourceId })).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
    expect(calls).toEqual([]);
    expect(await tables()).toHaveLength(3);
  });

  it('fails the deployment with the step and the reason', async () => {
    refusal = new AwsError('BadRequestException', 'HttpEndpoint is not enabled for resource');
    const answer = await deploy('Update', { PhysicalResourceId: 'before' });
    refusal = undefined;
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: 'the role of the application: HttpEndpoint is not enabled for resource',
    });
  });
});
