// @project synthesis

import { describe, expect, it } from 'vitest';
import { CreationOrder } from '../../lib/ai/creation-order-fixture';
import { genAiRagTemplate, resourcesOf } from '../../synthesize';

const STORES = ['s3-vectors', 'opensearch', 'opensearch-nextgen'] as const;

describe.each(STORES)('with %s', (store) => {
  const template = genAiRagTemplate('staging', store);
  const order = new CreationOrder(template);

  it('the bucket is there before what reads it, and goes after it', () => {
    const bucket = order.of('AWS::S3::Bucket', (_, id) => id.startsWith('RagLibraryDocuments'));
    expect(order.missing([[bucket, order.of('AWS::Bedrock::DataSource')]])).toEqual([]);
  });

  it('nothing starts a job or tells of a document any more when the data source goes, or the bucket is emptied', () => {
    const source = order.of('AWS::Bedrock::DataSource');
    const schedule = order.of('AWS::Scheduler::Schedule');
    const bucket = order.of('AWS::S3::Bucket', (_, id) => id.startsWith('RagLibraryDocuments'));
    expect(
      order.missing([
        [source, schedule],
        [bucket, order.of('AWS::Events::Rule')],
      ]),
    ).toEqual([]);
  });

  it('what checks the secret of the edge knows it before the edge sends it', () => {
    const distribution = order.of('AWS::CloudFront::Distribution');
    expect(order.missing([[order.of('AWS::Lambda::Alias'), distribution]])).toEqual([]);
  });
});

it('one store can take the place of the other: no logical id changes its type', () => {
  const [types, others] = STORES.map(
    (store) =>
      new Map(Object.entries(resourcesOf(genAiRagTemplate('staging', store))).map(([id, { Type }]) => [id, Type])),
  );
  const changed = [...(types ?? [])].filter(([id, type]) => (others?.get(id) ?? type) !== type);
  expect(changed).toEqual([]);
});
