import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { addTryOutput } from '../../lib/stage/try-output';
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
    this.rag.alarms.watchBelow(this);
    const outputs: Record<string, readonly [value: string, description: string]> = {
      Url: [this.rag.url, 'URL of the site'],
      UserPoolId: [
        this.rag.userPool.userPoolId,
        'User pool whose users may sign in; the group tenant-<name> assigns a user to a tenant',
      ],
      UserPoolClientId: [this.rag.client.userPoolClientId, 'App client to sign in with'],
      DocumentsBucket: [this.rag.library.documents.bucket.bucketName, 'Bucket with the uploaded documents'],
      KnowledgeBaseId: [this.rag.knowledgeBase.knowledgeBaseId, 'Knowledge base that searches the documents'],
    };
    for (const [output, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, output, { value, description });
    }
    const userPool = props.existing?.users === undefined ? this.rag.userPool : undefined;
    addTryOutput(this, { pattern: 'genai-rag', stage, userPool });
  }
}
