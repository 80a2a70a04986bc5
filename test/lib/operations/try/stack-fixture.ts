import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FirstRequest } from '../../../../lib/operations/try/first-request';
import { LocalCloudFormation } from '../../../../local/aws/cloudformation';
import { AwsError } from '../../../../local/aws/service';
import { LocalUserPool } from '../../../../local/aws/user-pool';
import { LocalUserPoolAdmin } from '../../../../local/aws/user-pool-admin';
import type { RecordedCall } from '../../../../local/aws/wire';
import { type Trying, withTrying } from './try-fixture';

/** What an API answers, in turn; the last one for good. */
export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the connection in place of an answer. */
  readonly cut?: true;
}

/** A stack that is deployed. */
export interface Deployed {
  readonly metadata?: object;
  readonly outputs?: Readonly<Record<string, string | undefined>>;
  readonly template?: string;
  readonly status?: string;
  readonly flows?: readonly string[];
  readonly answers?: readonly Answer[];
  /** The one call that IAM denies, as `service:Action`. */
  readonly denied?: string;
}

const POOL = 'eu-west-1_Pool';

/** A pattern that is asked one thing, sends a file where there is a place for it, and deletes what it made. */
const ASKED: FirstRequest = {
  outputs: ['ApiUrl'],
  logs: /^Api/,
  run: async ({ outputs: { ApiUrl = '', UploadUrl }, ask, show, upload, discard }) => {
    const request = { method: 'POST', url: `${ApiUrl}/things`, body: { name: "it's" } } as const;
    const answer = await ask(request);
    answer.json();
    show(request, answer);
    if (UploadUrl !== undefined) await upload(`${ApiUrl}${UploadUrl}`, new FormData());
    await discard(`${request.url}/1`);
    return request;
  },
};

/** CloudFormation in which a stack is in some state. */
class InState extends LocalCloudFormation {
  constructor(private readonly status: string | undefined) {
    super({ account: '111111111111', region: 'eu-west-1' });
  }

  override call(...[action, input]: Parameters<LocalCloudFormation['call']>) {
    const answer = super.call(action, input);
    if (action !== 'DescribeStacks' || this.status === undefined) return answer;
    return { Stacks: (answer['Stacks'] as object[]).map((stack) => ({ ...stack, StackStatus: this.status })) };
  }
}

/** Runs `groundplan try` on a stack `Shop`, whose API answers as it is told, in time that passes at once. */
export async function withDeployed(
  deployed: Deployed,
  use: (
    trying: Trying & { readonly asked: string[]; readonly left: () => readonly string[]; readonly waited: number[] },
  ) => Promise<void>,
): Promise<void> {
  const { metadata = { groundplan: { pattern: 'things', stage: 'dev' } }, answers = [{ status: 200, body: '{}' }] } =
    deployed;
  const asked: string[] = [];
  const api = createServer((request, response) => {
    const {
      status,
      body = '',
      headers = {},
      cut,
    } = answers[Math.min(asked.length, answers.length - 1)] ?? { status: 500 };
    asked.push(`${request.method} ${request.url} ${request.headers.authorization?.slice(0, 10)}`);
    if (cut) request.socket.destroy();
    else response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
  const waited: number[] = [];
  const time = {
    now: () => waited.reduce((sum, each) => sum + each, Date.parse('2026-01-01T00:00:00Z')),
    sleep: async (duration: number) => {
      waited.push(duration);
    },
    // At the first chance.
    after: (_: number, act: () => void) => {
      const timer = setTimeout(act, 0);
      return () => clearTimeout(timer);
    },
  };
  let ids = 0;
  const newId = () => `id-${++ids}`;
  const pool = new LocalUserPool(`https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`, time.now, newId);
  const client = {
    flows: deployed.flows ?? ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    hidesUsers: true,
    validitySeconds: 3600,
  };
  const administered = { pool, usernameAttributes: ['email'], clients: new Map([['client', client]]) };
  const cloudFormation = new InState(deployed.status);
  const outputs: Record<string, string | undefined> = {
    ApiUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    UserPoolId: POOL,
    UserPoolClientId: 'client',
    Try: 'npx groundplan try Shop',
    ...deployed.outputs,
  };
  cloudFormation.add({
    name: 'Shop',
    template: deployed.template ?? { Metadata: metadata, Resources: {} },
    resources: {
      ApiLogs: { type: 'AWS::Logs::LogGroup', physicalId: 'Shop-ApiLogs-1' },
      OtherLogs: { type: 'AWS::Logs::LogGroup', physicalId: 'Shop-OtherLogs-1' },
      Api: { type: 'AWS::Lambda::Function', physicalId: 'Shop-Api-1' },
    },
    outputs: Object.fromEntries(
      Object.entries(outputs).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
  });
  try {
    const services = {
      cloudformation: cloudFormation,
      'cognito-idp': new LocalUserPoolAdmin([administered], time.now, newId),
    };
    const firstRequests = { things: async () => ASKED };
    const onCall = ({ service, action }: RecordedCall) => {
      if (`${service}:${action}` === deployed.denied) throw new AwsError('AccessDeniedException', 'no');
    };
    await withTrying(services, { time, firstRequests, onCall }, (trying) =>
      use({ ...trying, asked, waited, left: () => trying.users(POOL) }),
    );
  } finally {
    await new Promise((closed) => {
      api.close(closed);
      api.closeAllConnections();
    });
  }
}
