import { AwsError, type LocalInput } from '../aws/service';

type JsonService = 'dynamodb' | 'streams' | 'sqs';

/** How a service of the JSON protocol is called: the name that signs, the target's prefix, the content type's version. */
const JSON_SERVICES: Readonly<Record<JsonService, readonly [string, string, string]>> = {
  dynamodb: ['dynamodb', 'DynamoDB_20120810', '1.0'],
  streams: ['dynamodb', 'DynamoDBStreams_20120810', '1.0'],
  sqs: ['sqs', 'AmazonSQS', '1.0'],
};

/** Talks to moto server, which checks no signatures but reads service and region from them. */
export class MotoClient {
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly endpoint: string,
    private readonly region: string,
  ) {}

  /** Calls a service of the JSON protocol. @throws AwsError with what moto answered */
  call(service: JsonService, action: string, input: LocalInput): Promise<LocalInput> {
    if (service === 'sqs') return this.callNow(service, action, input);
    return this.inTurn(() => this.callNow(service, action, input));
  }

  /**
   * Reads a stream from a sequence number. In one turn, because an iterator is good for as long as no transaction fails:
   * after that, moto's table is another object.
   */
  records(StreamArn: unknown, ShardId: string, from: bigint): Promise<readonly unknown[]> {
    const at = { StreamArn, ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: String(from) };
    return this.inTurn(async () => {
      const { ShardIterator } = await this.callNow('streams', 'GetShardIterator', at);
      const page = await this.callNow('streams', 'GetRecords', { ShardIterator });
      return page['Records'] as unknown[];
    });
  }

  /**
   * Calls of tables are made one at a time: moto takes a failed transaction back by putting the tables as they were
   * before it, and with them everything that others wrote meanwhile.
   */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.turn.then(work);
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private async callNow(service: JsonService, action: string, input: LocalInput): Promise<LocalInput> {
    const [signer, target, version] = JSON_SERVICES[service];
    const { ok, status, text } = await this.send('POST', '/', signer, JSON.stringify(input), {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': `${target}.${action}`,
    });
    if (ok) return text === '' ? {} : (JSON.parse(text) as LocalInput);
    if (!text.startsWith('{')) throw new AwsError('InternalFailure', `moto failed at ${action}`, 500);
    const { __type, message, Message, ...members } = JSON.parse(text) as Record<string, unknown>;
    const code = String(__type).split('#').pop() ?? '';
    throw new AwsError(code, String(message ?? Message ?? code), status, members);
  }

  /** Calls SNS, which speaks the Query protocol. */
  async sns(action: string, parameters: Readonly<Record<string, string>>): Promise<void> {
    const form = new URLSearchParams({ Action: action, Version: '2010-03-31', ...parameters });
    const { ok, status, text } = await this.send('POST', '/', 'sns', form.toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    if (!ok) throw new AwsError(`HTTP ${status}`, text, status);
  }

  /** Calls S3 by path. @returns the body of the answer */
  async s3(method: 'GET' | 'PUT', path: string, body?: string | Buffer): Promise<Buffer> {
    const { ok, status, text, bytes } = await this.send(method, path, 's3', body, {});
    if (!ok) throw new AwsError(/<Code>(.*?)<\/Code>/.exec(text)?.[1] ?? `HTTP ${status}`, text, status);
    return bytes;
  }

  private async send(
    method: string,
    path: string,
    signer: string,
    body: string | Buffer | undefined,
    headers: Readonly<Record<string, string>>,
  ) {
    const scope = `Credential=test/20260101/${this.region}/${signer}/aws4_request`;
    const response = await fetch(`${this.endpoint}${path}`, {
      method,
      headers: { ...headers, authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` },
      body: typeof body === 'string' ? body : body === undefined ? undefined : new Uint8Array(body),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { ok: response.ok, status: response.status, text: bytes.toString('utf8'), bytes };
  }
}
