/** A decoded JSON object. */
export type Json = Record<string, unknown>;

/** What a service answered: its output, or the code of its error. */
export interface Answer {
  readonly error?: string;
  readonly output: Json;
}

/** Calls one action of one service at one endpoint. */
export type Call = (service: Service, action: string, input: Json) => Promise<Answer>;

export type Service = 'dynamodb' | 'events' | 'glue' | 'kinesis' | 'redshift-data' | 'sns' | 'sqs' | 'streams';

/** How a service of the JSON protocol is called: the name that signs, the target's prefix, the content type's version. */
const JSON_SERVICES: Readonly<Record<Exclude<Service, 'sns'>, readonly [string, string, string]>> = {
  dynamodb: ['dynamodb', 'DynamoDB_20120810', '1.0'],
  events: ['events', 'AWSEvents', '1.1'],
  glue: ['glue', 'AWSGlue', '1.1'],
  kinesis: ['kinesis', 'Kinesis_20131202', '1.1'],
  'redshift-data': ['redshift-data', 'RedshiftData', '1.1'],
  sqs: ['sqs', 'AmazonSQS', '1.0'],
  streams: ['dynamodb', 'DynamoDBStreams_20120810', '1.0'],
};

/** Talks to an endpoint with bare HTTP, so that no SDK repairs, retries or hides an answer. */
export function callerOf(endpoint: string, region: string): Call {
  return (service, action, input) =>
    service === 'sns'
      ? queryCall(endpoint, headers(region, 'sns'), action, input)
      : jsonCall(endpoint, region, JSON_SERVICES[service], action, input);
}

function headers(region: string, signer: string): Record<string, string> {
  const scope = `Credential=test/20260101/${region}/${signer}/aws4_request`;
  // Neither side checks signatures; both read the service from the scope.
  return { authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0` };
}

async function jsonCall(
  endpoint: string,
  region: string,
  [signer, target, version]: readonly [string, string, string],
  action: string,
  input: Json,
): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      ...headers(region, signer),
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': `${target}.${action}`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (response.ok) return { output: text === '' ? {} : (JSON.parse(text) as Json) };
  // A crash of the server is an answer too: it must show up as a disagreement, not as a syntax error here.
  if (!text.startsWith('{')) return { error: `HTTP ${response.status}`, output: {} };
  const output = JSON.parse(text) as Json;
  const [namespace = '', code = namespace] = String(output['__type']).split('#');
  // SQS has no shape for some errors; SDKs then read the code that it had in the Query protocol.
  const older = namespace === 'com.amazon.coral.service' ? response.headers.get('x-amzn-query-error') : null;
  return { error: older?.split(';')[0] ?? code, output };
}

async function queryCall(
  endpoint: string,
  signature: Record<string, string>,
  action: string,
  input: Json,
): Promise<Answer> {
  const form = new URLSearchParams({ Action: action, Version: '2010-03-31', ...formOf(input) });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...signature, 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const text = await response.text();
  if (!response.ok) return { error: elements(text, 'Code')[0] ?? `HTTP ${response.status}`, output: {} };
  const [arn] = [...elements(text, 'TopicArn'), ...elements(text, 'SubscriptionArn')];
  const [failed = ''] = elements(text, 'Failed');
  const [successful = ''] = elements(text, 'Successful');
  return {
    output: {
      ...(arn !== undefined && { arn }),
      successful: elements(successful, 'Id'),
      failed: elements(failed, 'Code'),
    },
  };
}

/** Texts of the elements of a name, in order; the answers compared here nest no element in its own kind. */
function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map((match) => match[1] ?? '');
}

/** A form of the Query protocol: lists as `member`, maps as `entry` with the names that each parameter uses. */
function formOf(input: Json, prefix = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(input).map(([name, value]) => {
      const path = `${prefix}${name}`;
      if (Array.isArray(value)) {
        return Object.assign({}, ...value.map((member: Json, at) => formOf(member, `${path}.member.${at + 1}.`)));
      }
      if (typeof value !== 'object' || value === null) return { [path]: String(value) };
      const [keyName, valueName] = name === 'MessageAttributes' ? ['Name', 'Value'] : ['key', 'value'];
      if (name !== 'MessageAttributes' && name !== 'Attributes') return formOf(value as Json, `${path}.`);
      return Object.assign(
        {},
        ...Object.entries(value).map(([key, member], at) =>
          formOf({ [keyName]: key, [valueName]: member }, `${path}.entry.${at + 1}.`),
        ),
      );
    }),
  ) as Record<string, string>;
}
