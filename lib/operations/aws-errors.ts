import { CommandError } from './terminal';

/** The IAM action that a call needs, by the error that it ended in. */
const actions = new WeakMap<Error, string>();

/** Calls whose IAM action has another name (docs.aws.amazon.com/service-authorization). */
const IAM_ACTIONS: Readonly<Record<string, string>> = {
  'sqs:DeleteMessageBatch': 'sqs:DeleteMessage',
  'lambda:Invoke': 'lambda:InvokeFunction',
};

const IAM_PREFIXES: Readonly<Record<string, string>> = {
  CloudFormation: 'cloudformation',
  CognitoIdentityProvider: 'cognito-idp',
  DynamoDB: 'dynamodb',
  DynamoDBStreams: 'dynamodb',
  EventBridge: 'events',
  Lambda: 'lambda',
  SFN: 'states',
  SQS: 'sqs',
};

/** What of the SDK's clients is used here. */
interface WithMiddleware {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { readonly clientName?: string; readonly commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options: { readonly step: 'initialize'; readonly name: string },
    ): void;
  };
}

/** Has a client say of each error which IAM action its call needs. */
export function namingActions<C>(client: C & WithMiddleware): C {
  client.middlewareStack.add(
    (next, { clientName = '', commandName = '' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          const service = clientName.replace(/Client$/, '');
          const action = `${IAM_PREFIXES[service] ?? service.toLowerCase()}:${commandName.replace(/Command$/, '')}`;
          if (error instanceof Error) actions.set(error, IAM_ACTIONS[action] ?? action);
          throw error;
        }
      },
    { step: 'initialize', name: 'groundplanNamesActions' },
  );
  return client;
}

/** Whether AWS says that whoever calls may not. */
export function isDenied(error: unknown): error is Error {
  return error instanceof Error && /AccessDenied|NotAuthorized|Unauthorized|KMS\.AccessDenied/i.test(error.name);
}

/** Whether a call did not get to AWS at all. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/.test(String(error.code))
  );
}

/** An AWS error as an operator can act on it: credentials, region, permission; else what AWS said. */
export function explained(error: unknown, region: string): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const said = error.message.replace(/\s+/g, ' ');
  if (error.message === 'Region is missing') {
    return new CommandError('No region is set: pass --region, or set AWS_REGION.');
  }
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError') {
    return new CommandError(`No AWS credentials: sign in (aws sso login), or set AWS_PROFILE. ${said}`);
  }
  if (/ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidToken/.test(error.name)) {
    return new CommandError(`AWS refuses the credentials: sign in again. ${error.name}: ${said}`);
  }
  if (isUnreachable(error)) {
    return new CommandError(`AWS cannot be reached in ${region}: check the region and the network. ${said}`);
  }
  if (isDenied(error)) {
    return new CommandError(`Not allowed: ${actions.get(error) ?? 'an action'} in ${region}. ${error.name}: ${said}`);
  }
  return error;
}
