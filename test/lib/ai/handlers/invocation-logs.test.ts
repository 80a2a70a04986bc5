import type {
  DeleteModelInvocationLoggingConfigurationCommand,
  GetModelInvocationLoggingConfigurationCommand,
  LoggingConfig,
  PutModelInvocationLoggingConfigurationCommand,
} from '@aws-sdk/client-bedrock';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

type Command =
  | DeleteModelInvocationLoggingConfigurationCommand
  | GetModelInvocationLoggingConfigurationCommand
  | PutModelInvocationLoggingConfigurationCommand;

/** The region's one setting. */
let setting: LoggingConfig | undefined;
/** What the handler's client was made with. */
let made: { readonly maxAttempts: number; readonly requestHandler: object } | undefined;
/** What CloudFormation was told last. */
let told: Record<string, unknown> = {};

vi.mock('@aws-sdk/client-bedrock', async (original) => ({
  ...(await original<object>()),
  BedrockClient: class {
    constructor(settings: typeof made) {
      made = settings;
    }

    send(command: Command): Promise<object> {
      const name = command.constructor.name;
      if (name.startsWith('Get')) return Promise.resolve({ loggingConfig: setting });
      setting = name.startsWith('Put')
        ? (command as PutModelInvocationLoggingConfigurationCommand).input.loggingConfig
        : undefined;
      return Promise.resolve({});
    }
  },
}));
vi.spyOn(console, 'warn').mockImplementation(() => undefined);
vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
  told = JSON.parse(body) as Record<string, unknown>;
  return Promise.resolve({ ok: true, status: 200 });
});

let handler: (event: CloudFormationCustomResourceEvent) => Promise<void>;
beforeAll(async () => {
  // Logs go to the console that is silenced above.
  process.env['POWERTOOLS_DEV'] = 'true';
  ({ handler } = await import('../../../../lib/ai/handlers/invocation-logs.js'));
});

const OURS = { ServiceToken: 'token', logGroup: 'ours', role: 'arn:aws:iam::1:role/writing' };
const THEIRS: LoggingConfig = { cloudWatchConfig: { logGroupName: 'theirs', roleArn: 'arn:aws:iam::1:role/theirs' } };
const ask = (RequestType: string, more: object = {}) =>
  handler({
    RequestType,
    ResponseURL: 'https://cloudformation/answer',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Logs',
    ResourceType: 'Custom::BedrockInvocationLogs',
    ServiceToken: 'token',
    ResourceProperties: OURS,
    ...more,
  } as unknown as CloudFormationCustomResourceEvent);
const remove = () => ask('Delete', { PhysicalResourceId: 'invocation-logs-ours' });
const logGroup = () => setting?.cloudWatchConfig?.logGroupName;

beforeEach(() => {
  [setting, told] = [undefined, {}];
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the setting that model calls are logged', () => {
  it('is made where there is none, texts alone, and taken back', async () => {
    await ask('Create');
    expect(setting).toEqual({
      cloudWatchConfig: { logGroupName: 'ours', roleArn: OURS.role },
      textDataDeliveryEnabled: true,
      imageDataDeliveryEnabled: false,
      embeddingDataDeliveryEnabled: false,
    });
    expect(told).toMatchObject({ Status: 'SUCCESS', Data: { Applied: 'true' } });
    await remove();
    expect(setting).toBeUndefined();
  });

  it.each([
    ['in a log group', THEIRS],
    ['in a bucket', { s3Config: { bucketName: 'theirs' } }],
  ])('stays as somebody else made it, %s, when this comes and when it goes', async (_, theirs) => {
    setting = theirs;
    await ask('Create');
    expect(setting).toBe(theirs);
    expect(told).toMatchObject({ Status: 'SUCCESS', Data: { Applied: 'false' } });
    await remove();
    expect(setting).toBe(theirs);
  });

  it('bears to be asked twice', async () => {
    await ask('Create');
    await ask('Create');
    expect(told).toMatchObject({ Data: { Applied: 'true' } });
    await remove();
    await remove();
    expect(told).toMatchObject({ Status: 'SUCCESS' });
  });

  it('moves on with its log group, whose old name is then deleted in vain', async () => {
    await ask('Create');
    const old = String(told['PhysicalResourceId']);
    await ask('Update', {
      PhysicalResourceId: old,
      OldResourceProperties: OURS,
      ResourceProperties: { ...OURS, logGroup: 'other' },
    });
    expect([logGroup(), told['PhysicalResourceId']]).toEqual(['other', 'invocation-logs-other']);
    await remove();
    expect(logGroup()).toBe('other');
  });

  it('does not come back over what somebody set meanwhile', async () => {
    await ask('Create');
    setting = THEIRS;
    await ask('Update', { PhysicalResourceId: 'invocation-logs-ours', OldResourceProperties: OURS });
    expect(setting).toBe(THEIRS);
    await remove();
    expect(setting).toBe(THEIRS);
  });
});

it('asks Bedrock five times at most, each within 5 seconds', () => {
  expect(made?.maxAttempts).toBe(5);
  expect(made?.requestHandler).toMatchObject({ requestTimeout: 5000, socketTimeout: 5000 });
});
