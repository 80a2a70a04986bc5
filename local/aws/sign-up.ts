import { FunctionError, ThrottledError } from '../lambda/local-function';
import { COGNITO_LIMITS } from '../limits/cognito';
import { refused } from '../limits/limit';

/** Calls the function that a pool has for a trigger, and waits for its answer. */
export type InvokeTrigger = (event: PreSignUpEvent) => Promise<unknown>;

/** Who an account is made by. */
export type SignUpSource = 'PreSignUp_SignUp' | 'PreSignUp_ExternalProvider' | 'PreSignUp_AdminCreateUser';

/** What the trigger is told (docs.aws.amazon.com/cognito: user-pool-lambda-pre-sign-up). */
export interface PreSignUpEvent {
  readonly version: string;
  readonly triggerSource: SignUpSource;
  readonly region: string;
  readonly userPoolId: string;
  readonly userName: string;
  readonly callerContext: { readonly awsSdkVersion: string; readonly clientId: string };
  readonly request: {
    readonly userAttributes: Readonly<Record<string, string>>;
    readonly validationData: null;
  };
  readonly response: {
    readonly autoConfirmUser: boolean;
    readonly autoVerifyEmail: boolean;
    readonly autoVerifyPhone: boolean;
  };
}

/** An account that is to be made. */
export interface NewAccount {
  readonly source: SignUpSource;
  readonly poolId: string;
  readonly userName: string;
  readonly email: string;
  readonly clientId: string;
}

const LIMITS = COGNITO_LIMITS.rows;

/** Asks the pre sign-up trigger. @throws AwsError for an account that it does not let be made, as the API has it */
export async function askPreSignUp(invoke: InvokeTrigger, account: NewAccount): Promise<void> {
  const answer = await answerOf(invoke, eventOf(account));
  const { response } = (answer ?? {}) as { readonly response?: unknown };
  if (typeof response === 'object' && response !== null) return;
  throw refused(LIMITS.triggerAnswer, 'Unrecognizable lambda output');
}

async function answerOf(invoke: InvokeTrigger, event: PreSignUpEvent): Promise<unknown> {
  try {
    return await invoke(event);
  } catch (error) {
    if (error instanceof ThrottledError) {
      throw refused(LIMITS.triggerInvocation, `PreSignUp invocation failed due to error ${error.name}.`);
    }
    if (!(error instanceof FunctionError)) throw error;
    throw refused(LIMITS.triggerRefusal, `PreSignUp failed with error ${error.message}.`);
  }
}

function eventOf({ source, poolId, userName, email, clientId }: NewAccount): PreSignUpEvent {
  return {
    version: '1',
    triggerSource: source,
    region: poolId.split('_')[0] ?? '',
    userPoolId: poolId,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
    request: { userAttributes: { email }, validationData: null },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  };
}
