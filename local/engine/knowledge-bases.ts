import type { ResolvedTemplate } from '../assembly/resolved-template';
import type { DataSourceDefinition } from '../aws/bedrock/data-source';
import type { LocalGuardrail } from '../aws/bedrock/guardrails';
import type { KnowledgeBaseDefinition } from '../aws/bedrock/knowledge-base';
import type { VectorStoreKind } from '../aws/bedrock/metadata-filter';

const STORES: readonly VectorStoreKind[] = ['OPENSEARCH_SERVERLESS', 'S3_VECTORS'];

/** Knowledge bases of a template, each with its data sources. @throws Error for a vector store or a source that is not played */
export function knowledgeBases(template: ResolvedTemplate): KnowledgeBaseDefinition[] {
  const sources = template.ofType('AWS::Bedrock::DataSource');
  return template.ofType('AWS::Bedrock::KnowledgeBase').map(({ name: id, logicalId, properties }) => {
    const { Type } = (properties['StorageConfiguration'] ?? {}) as { Type?: string };
    const store = STORES.find((each) => each === Type);
    if (store === undefined) throw new Error(`${logicalId}: the vector store ${Type} is not known here`);
    const dataSources = sources
      .filter((source) => source.properties['KnowledgeBaseId'] === id)
      .map((source) => dataSource(source.logicalId, source.attributes['DataSourceId'] ?? '', source.properties));
    return { id, store, dataSources };
  });
}

function dataSource(
  logicalId: string,
  id: string,
  properties: Readonly<Record<string, unknown>>,
): DataSourceDefinition {
  const { Type, S3Configuration } = properties['DataSourceConfiguration'] as {
    Type: string;
    S3Configuration?: { BucketArn: string; InclusionPrefixes?: string[] };
  };
  if (S3Configuration === undefined) throw new Error(`${logicalId}: a data source of type ${Type} is not known here`);
  const { BucketArn, InclusionPrefixes: [prefix] = [] } = S3Configuration;
  return { id, bucket: BucketArn.split(':').pop() ?? '', ...(prefix !== undefined && { prefix }) };
}

/** Guardrails of a template, with the numbers of their versions. */
export function guardrails(template: ResolvedTemplate): LocalGuardrail[] {
  const versions = template.ofType('AWS::Bedrock::GuardrailVersion');
  return template.ofType('AWS::Bedrock::Guardrail').map(({ arn, attributes, properties }) => {
    const id = attributes['GuardrailId'] ?? '';
    return {
      id,
      ...(arn !== undefined && { arn }),
      versions: versions
        .filter((each) => each.attributes['GuardrailId'] === id)
        .map((each) => each.attributes['Version'] ?? ''),
      blockedInput: String(properties['BlockedInputMessaging']),
      blockedOutput: String(properties['BlockedOutputsMessaging']),
    };
  });
}
