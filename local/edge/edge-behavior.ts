import type { ResolvedTemplate } from '../assembly/resolved-template';
import { type EdgeFunction, functionOf } from './edge-function';
import { onlyKnown, type Settings } from './known-settings';
import { type CachePolicy, cachePolicy, type OriginRequestPolicy, originRequestPolicy } from './managed-policies';
import { ResponseHeaders } from './response-headers';
import { passedOn, type ViewerRequest } from './viewer';

const KNOWN = [
  ...['AllowedMethods', 'CachedMethods', 'CachePolicyId', 'Compress', 'FunctionAssociations', 'OriginRequestPolicyId'],
  ...['PathPattern', 'ResponseHeadersPolicyId', 'TargetOriginId', 'ViewerProtocolPolicy'],
];
/** AWS: cache behavior settings, allowed HTTP methods. */
const DEFAULT_METHODS = ['GET', 'HEAD'];

/** One cache behaviour of a distribution. */
export class EdgeBehavior {
  /** Path pattern, or `default`. */
  readonly name: string;
  readonly targetOriginId: string;
  readonly viewerProtocol: string;
  readonly methods: readonly string[];
  readonly compresses: boolean;
  readonly cachePolicy: CachePolicy;
  readonly originRequestPolicy?: OriginRequestPolicy;
  readonly function?: EdgeFunction;
  readonly responseHeaders?: ResponseHeaders;

  /** @throws Error naming a setting, policy or function that is not known here */
  constructor(settings: Settings, template: ResolvedTemplate) {
    this.name = String(settings['PathPattern'] ?? 'default');
    onlyKnown(settings, KNOWN, `behaviour ${this.name}`);
    this.targetOriginId = String(settings['TargetOriginId']);
    this.viewerProtocol = String(settings['ViewerProtocolPolicy']);
    this.methods = (settings['AllowedMethods'] ?? DEFAULT_METHODS) as readonly string[];
    this.compresses = settings['Compress'] === true;
    this.cachePolicy = cachePolicy(settings['CachePolicyId']);
    const request = settings['OriginRequestPolicyId'];
    this.originRequestPolicy = request === undefined ? undefined : originRequestPolicy(request);
    this.function = functionOf(settings, template.ofType('AWS::CloudFront::Function'));
    const headers = settings['ResponseHeadersPolicyId'];
    this.responseHeaders = headers === undefined ? undefined : responseHeaders(template, headers);
  }

  /** What of a request gets to the origin: its headers, and whether its query string does. */
  sentOn(request: ViewerRequest, host: string): { headers: Record<string, string>; query: boolean } {
    const viewer = passedOn(request.headers ?? {});
    const { allHeadersBut, query = false } = this.originRequestPolicy ?? {};
    const chosen =
      allHeadersBut === undefined
        ? {}
        : Object.fromEntries(Object.entries(viewer).filter(([name]) => !allHeadersBut.includes(name)));
    // CloudFront's own (AWS: HTTP request headers and CloudFront behavior); what the cache key has is sent, too.
    const own: Record<string, string> = { 'user-agent': 'Amazon CloudFront', host };
    const { 'accept-encoding': encoding } = viewer;
    if (this.cachePolicy.acceptEncoding && encoding !== undefined) own['accept-encoding'] = encoding;
    const { 'content-type': type, 'content-length': length } = viewer;
    if (request.body !== undefined && type !== undefined) own['content-type'] = type;
    if (request.body !== undefined && length !== undefined) own['content-length'] = length;
    const forwardedFor = [viewer['x-forwarded-for'], '127.0.0.1'].filter((part) => part !== undefined).join(', ');
    return {
      headers: { ...own, ...chosen, 'x-forwarded-for': forwardedFor, via: '2.0 local.cloudfront.net (CloudFront)' },
      query,
    };
  }
}

function responseHeaders(template: ResolvedTemplate, id: unknown): ResponseHeaders {
  const policy = template.ofType('AWS::CloudFront::ResponseHeadersPolicy').find(({ name }) => name === id);
  if (policy === undefined) throw new Error(`The response headers policy ${String(id)} is not in the template`);
  return new ResponseHeaders(policy.properties, policy.logicalId);
}
