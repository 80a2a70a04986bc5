import { Aws, CfnParameter } from 'aws-cdk-lib';
import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { combinedGrant } from '../security/combined-grant';
import type { StageSettings } from '../stage/stage';
import { EMAIL } from '../validation/email';
import { acknowledge, handles } from '../validation/explain';
import { refuse, warn } from '../validation/refuse';
import { leaveUnwatched } from '../validation/unwatched';

/** Props of {@link AlarmTopic}. */
export interface AlarmTopicProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /**
   * Address that receives notifications. SNS sends a confirmation message, whose link must be opened.
   * @default - no one; prod then asks at deployment, by a template parameter, unless `existing`
   */
  readonly email?: string;
  /** Your own topic; CloudWatch must be allowed to publish to it. @default - a new, encrypted topic */
  readonly existing?: ITopic;
}

/** The one topic to which a pattern's alarms go. */
export class AlarmTopic extends Construct {
  readonly topic: ITopic;

  /** @throws RefusedValueError for an e-mail that cannot be one. */
  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    if (props.email !== undefined && !EMAIL.test(props.email)) {
      refuse(this, {
        prop: 'alarmEmail',
        value: props.email,
        allowed: 'an e-mail address, such as ops@example.com',
        fix: 'correct the address; SNS sends a confirmation to it',
        catalogueId: 'cw-alarm-has-action',
      });
    }
    this.topic = props.existing ?? this.createTopic(props);
    const email = props.email ?? (props.existing === undefined ? this.emailToAskFor(props.stage) : undefined);
    if (email !== undefined) this.subscribe(email);
  }

  /** Lets a principal publish other notifications to the same subscribers. */
  grantPublish(grantee: IGrantable): Grant {
    const { topicArn, masterKey } = this.topic;
    const publishing = Grant.addToPrincipal({ grantee, actions: ['sns:Publish'], resourceArns: [topicArn] });
    if (masterKey === undefined) return publishing;
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey'];
    const withKey = Grant.addToPrincipal({ grantee, actions, resourceArns: [masterKey.keyArn] });
    return combinedGrant(publishing, withKey);
  }

  /** In prod a deployment asks for an address; in other stages there is a warning. */
  private emailToAskFor({ strict }: StageSettings): string | undefined {
    if (!strict) {
      warn(this, 'pattern-has-alarms', 'No one receives alarm notifications. Pass alarmEmail or an alarm topic.');
      return undefined;
    }
    const parameter = new CfnParameter(this, 'AlarmEmail', {
      description: 'E-mail address that receives alarm notifications. Pass alarmEmail at synth to omit this parameter.',
      allowedPattern: EMAIL.source,
      constraintDescription: 'must be an e-mail address',
    });
    return parameter.valueAsString;
  }

  private subscribe(email: string): void {
    const subscription = new Subscription(this, 'Email', {
      topic: this.topic,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint: email,
    });
    acknowledge(subscription, {
      'Serverless::Serverless-SNSRedrivePolicy':
        'The alarm keeps its state and history; an e-mail that cannot be delivered is not worth replaying.',
    });
  }

  private createTopic(props: AlarmTopicProps): Topic {
    const topic = new Topic(this, 'Topic', { masterKey: props.encryptionKey, enforceSSL: true });
    leaveUnwatched(topic, 'An alarm on it would be sent through it.');
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    handles(topic, 'cw-alarm-has-action', 'pattern-has-alarms', 'encrypt-everything-at-rest', 'tls-everywhere');
    return topic;
  }
}
