import {
  CfnOutput,
  CrossStackReferences,
  type Environment,
  ReferenceStrength,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stages } from '../../lib/stage/stage';
import { importWhatReplaces } from '../../lib/stage/strong-references';
import { addTryOutput } from '../../lib/stage/try-output';
import { WebAppApplication } from './web-app-application';
import { WebAppData } from './web-app-data';
import { WebAppFoundation } from './web-app-foundation';
import type { WebAppProps } from './web-app-props';

/** Props of {@link WebAppStacks}. */
export interface WebAppStacksProps extends WebAppProps {
  /** Account and region; the region must be named. */
  readonly env: Environment;
  /** What CloudFormation calls each stack, by its id. @default - the id */
  readonly stackName?: (id: string) => string;
}

/**
 * The web app as stacks: network, data, application, and what CloudFront takes from us-east-1 alone. The application refers to the
 * others by weak references, which read an output at deployment and export nothing: it can go, and come again, without a word to
 * the data, and a change of the data never waits for the application to let go. What would be replaced with a value imports it: the
 * whole data stack from the network, and the application its VPC and user pool. CloudFormation knows an imported value before it
 * changes anything, and takes a weak one for another that may be (CDK issue 38829: it can make it plan to replace a database).
 */
export class WebAppStacks {
  readonly foundation: WebAppFoundation;
  readonly data: WebAppData;
  readonly application: WebAppApplication;

  /**
   * @param name of the application's stack, and the beginning of the others' names
   * @throws RefusedValueError for a prop that cannot work, or a region that is left open
   */
  constructor(scope: Construct, name: string, props: WebAppStacksProps) {
    const { stage = stages.dev, env, stackName = (id) => id } = props;
    const common = { env, terminationProtection: stage.deletionProtection } satisfies StackProps;
    const stackOf = (id: string, description: string) =>
      new Stack(scope, id, { ...common, stackName: stackName(id), description });
    const network = stackOf(`${name}Network`, 'Groundplan: web app, network');
    const kept = stackOf(`${name}Data`, 'Groundplan: web app, data');
    CrossStackReferences.of(kept).consume(ReferenceStrength.STRONG);
    const running = stackOf(name, 'Groundplan: web app');
    importWhatReplaces(running);
    this.foundation = new WebAppFoundation(network, 'Foundation', props);
    this.data = new WebAppData(kept, 'Data', { ...props, foundation: this.foundation });
    const { foundation, data } = this;
    this.application = new WebAppApplication(running, 'Application', { ...props, foundation, data });
    foundation.alarms.watchBelow(network);
    data.alarms.watchBelow(kept);
    this.application.alarms.watchBelow(running);
    const outputs: Record<string, readonly [value: string, description: string]> = {
      Url: [this.application.site.url, 'URL of the site'],
      UserPoolId: [data.userPool.userPoolId, 'User pool whose users may sign in'],
      UserPoolClientId: [this.application.client.userPoolClientId, 'App client to sign in with'],
      UploadsBucket: [this.application.uploads.bucket.bucketName, 'Bucket with the uploaded files'],
    };
    for (const [output, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(running, output, { value, description });
    }
    const userPool = props.existing?.users === undefined ? data.userPool : undefined;
    addTryOutput(running, { pattern: 'web-app', stage, userPool });
  }
}
