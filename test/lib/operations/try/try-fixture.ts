import { main } from '../../../../lib/operations/command-line';
import { createTryClients } from '../../../../lib/operations/try/clients';
import type { FirstRequests } from '../../../../lib/operations/try/first-request';
import { startLocalAws } from '../../../../local/aws/server';
import { LocalUserPoolAdmin } from '../../../../local/aws/user-pool-admin';
import type { OnCall, Services } from '../../../../local/aws/wire';
import { PATTERNS } from '../../../../patterns/patterns';
import { type Person, Seen, type Time, words } from '../terminal-fixture';

/** What each pattern is asked first, as the command has it. */
const FIRST_REQUESTS: FirstRequests = Object.fromEntries(
  PATTERNS.flatMap(({ name, firstRequest }) => (firstRequest === undefined ? [] : [[name, firstRequest]])),
);

/** A user who tries a stack. */
export interface Trying {
  /** What was asked of AWS, as `service:Action`. */
  readonly calls: string[];
  /** Where AWS is. */
  readonly endpoint: string;
  /** Names of a pool's users. */
  users(poolId: string): readonly string[];
  run(args: string, person?: Person): Promise<ReturnType<Seen['result']>>;
}

/** Lets a person run `groundplan try` against local services. */
export async function withTrying<T>(
  services: Services,
  {
    time,
    firstRequests = FIRST_REQUESTS,
    onCall,
  }: {
    readonly time: Time;
    readonly firstRequests?: FirstRequests;
    /** Refuses a call, by throwing what AWS would answer. */
    readonly onCall?: OnCall;
  },
  use: (trying: Trying) => Promise<T>,
): Promise<T> {
  const aws = await startLocalAws(services, {
    onCall: (call) => {
      trying.calls.push(`${call.service}:${call.action}`);
      onCall?.(call);
    },
  });
  const { 'cognito-idp': admin } = services;
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'local' };
  const trying: Trying = {
    calls: [],
    endpoint: aws.endpoint,
    users: (poolId) => (admin instanceof LocalUserPoolAdmin ? admin.names(poolId) : []),
    run: async (args, person) => {
      const seen = new Seen(time, person);
      const code = await main(words(`try ${args}`), seen.terminal, {
        firstRequests,
        tryClientsFor: (region) =>
          createTryClients({ endpoint: aws.endpoint, region: region ?? 'eu-west-1', credentials, maxAttempts: 1 }),
      });
      return seen.result(code);
    },
  };
  try {
    return await use(trying);
  } finally {
    await aws.close();
  }
}
