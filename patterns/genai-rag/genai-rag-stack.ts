import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { GenAiRag } from './genai-rag';
import type { GenAiRagProps } from './genai-rag-props';

/** The GenAI pattern as a stack, with what a person needs to try it as outputs. Its `env` must name the region. */
export class GenAiRagStack extends Stack {
  readonly rag: GenAiRag;

  /** @throws RefusedValueError for a prop that cannot work, or a region that is left open */
  constructor(scope: Construct, id: string, props: StackProps & GenAiRagProps = {}) {
    const stage = props.stage ?? stages.dev;
    super(scope, id, {
      description: 'Groundplan: answers from your documents',
      terminationProtection: stage.deletionProtection,
      ...props,
    });
    this.rag = new GenAiRag(this, 'Rag', props);
    const outputs: Record<string, readonly [value: string, description: string]> = {
      Url: [this.rag.url, 'Where the site is'],
      UserPoolId: [
        this.rag.userPool.userPoolId,
        'Whose users may sign in; a group tenant-<name> makes them of a tenant',
      ],
      UserPoolClientId: [this.rag.client.userPoolClientId, 'The client that they sign in with'],
      DocumentsBucket: [this.rag.library.documents.bucket.bucketName, 'Documents that people sent'],
      KnowledgeBaseId: [this.rag.knowledgeBase.knowledgeBaseId, 'What finds passages in them'],
    };
    for (const [output, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, output, { value, description });
    }
  }
}
