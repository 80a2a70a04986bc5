import type { ResolvedTemplate } from '../assembly/resolved-template';
import { bucketOrigin } from './bucket-origin';
import { compressed } from './compression';
import { EdgeBehavior } from './edge-behavior';
import { below, listBelow, onlyKnown, type Settings } from './known-settings';
import { fits } from './path-pattern';
import type { EdgeAnswer, EdgeTrace, FetchFromOrigin, ViewerRequest } from './viewer';

/** What plays the rest of the world. */
export interface EdgeContext {
  /** Answers for every origin that is no bucket: an HTTP API, a load balancer. */
  readonly api: FetchFromOrigin;
  /** Folder of the asset that a deployment copies: `SynthesizedStack.assetFolder`. */
  assetFolder(objectKey: string): string;
  /**
   * Stand-ins of origins that the template names, such as the login's: text to find and what to put in its place, in the content
   * security policy and in the site's `config.json`. @default - none
   */
  readonly standIns?: Readonly<Record<string, string>>;
}

const KNOWN = [
  ...['Aliases', 'CacheBehaviors', 'Comment', 'CustomErrorResponses', 'DefaultCacheBehavior', 'DefaultRootObject'],
  ...['Enabled', 'HttpVersion', 'IPV6Enabled', 'Logging', 'Origins', 'PriceClass', 'ViewerCertificate', 'WebACLId'],
];
const KNOWN_OF_ORIGINS = [
  ...['ConnectionAttempts', 'ConnectionTimeout', 'CustomOriginConfig', 'DomainName', 'Id', 'OriginAccessControlId'],
  ...[
    'OriginCustomHeaders',
    'OriginPath',
    'OriginShield',
    'ResponseCompletionTimeout',
    'S3OriginConfig',
    'VpcOriginConfig',
  ],
];
/** Seconds that an error is kept for (AWS: control how long CloudFront caches errors; CloudFormation: ErrorCachingMinTTL). */
const ERROR_SECONDS = 10;
const ERROR_SECONDS_OF_AN_ENTRY = 300;

/** What edges keep anyway, and what only when the origin says how long (AWS: HTTP 4xx and 5xx status codes that CloudFront caches). */
const KEPT_ERRORS = [404, 405, 414, 500, 501, 502, 503, 504];
const KEPT_WHEN_ASKED = [400, 403, 412, 415];

interface LocalOrigin {
  readonly host: string;
  /** Comes before the path of each request. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: FetchFromOrigin;
}

/**
 * A distribution of a template: which behaviour takes a request, what its function makes of it, what gets to which origin, and
 * what the viewer gets back. It keeps nothing, so each request shows what an edge without a copy does; the firewall and TLS are
 * not played.
 */
export class LocalDistribution {
  private readonly config: Settings;
  private readonly id: string;
  private readonly behaviors: readonly EdgeBehavior[];
  private readonly defaultBehavior: EdgeBehavior;
  private readonly origins: ReadonlyMap<string, LocalOrigin>;

  /**
   * @param logicalId which distribution. @default - the template's only one
   * @throws Error naming a setting that is not known here, or when it is not clear which distribution is meant
   */
  constructor(
    template: ResolvedTemplate,
    private readonly context: EdgeContext,
    logicalId?: string,
  ) {
    const found = template
      .ofType('AWS::CloudFront::Distribution')
      .filter((resource) => logicalId === undefined || resource.logicalId === logicalId);
    const [distribution, ...more] = found;
    if (distribution === undefined || more.length > 0) {
      throw new Error(`The template has ${found.length} distributions ${logicalId ?? ''}`.trim());
    }
    this.id = distribution.name;
    this.config = onlyKnown(below(distribution.properties, 'DistributionConfig'), KNOWN, distribution.logicalId);
    this.behaviors = listBelow(this.config, 'CacheBehaviors').map((settings) => new EdgeBehavior(settings, template));
    this.defaultBehavior = new EdgeBehavior(below(this.config, 'DefaultCacheBehavior'), template);
    this.origins = new Map(
      listBelow(this.config, 'Origins').map((origin) => {
        onlyKnown(origin, KNOWN_OF_ORIGINS, `origin ${String(origin['Id'])}`);
        const isBucket = origin['S3OriginConfig'] !== undefined;
        const headers = listBelow(origin, 'OriginCustomHeaders').map(
          ({ HeaderName, HeaderValue }) => [String(HeaderName).toLowerCase(), String(HeaderValue)] as const,
        );
        const fetch = isBucket
          ? bucketOrigin(template, distribution.arn ?? '', origin, (key) => context.assetFolder(key))
          : context.api;
        const local = {
          host: String(origin['DomainName']),
          path: String(origin['OriginPath'] ?? ''),
          headers: Object.fromEntries(headers),
          fetch,
        };
        return [String(origin['Id']), local];
      }),
    );
  }

  /** What a viewer gets, and how it came about. */
  async request(request: ViewerRequest): Promise<EdgeAnswer & { readonly trace: EdgeTrace }> {
    const behavior = this.behaviorOf(request.url);
    const trace: EdgeTrace = {
      behavior: behavior.name,
      cachePolicy: behavior.cachePolicy.name,
      ...(behavior.originRequestPolicy !== undefined && { originRequestPolicy: behavior.originRequestPolicy.name }),
    };
    const early = refusedEarly(behavior, request);
    if (early !== undefined) return { ...early, trace };
    const changed = behavior.function?.onViewerRequest(request, this.id);
    if (changed !== undefined && 'answer' in changed) {
      return { ...this.finished(changed.answer, behavior, request), trace };
    }
    const [path = '/', query] = request.url.split(/\?(.*)/s);
    const uri = changed?.request.uri ?? path;
    const sent = this.sent({ ...request, headers: changed?.request.headers ?? request.headers }, behavior, uri, query);
    const answered = await sent.fetch(sent.request);
    const errorSeconds = this.errorSeconds(answered, request.method);
    return {
      ...this.finished(await this.errorPage(answered, request), behavior, request),
      trace: {
        ...trace,
        ...(changed !== undefined && { uriAfterFunction: uri }),
        sent: sent.request,
        ...(errorSeconds !== undefined && { errorSeconds }),
      },
    };
  }

  private behaviorOf(url: string): EdgeBehavior {
    const path = url.split('?')[0] ?? '/';
    return this.behaviors.find(({ name }) => fits(name, path)) ?? this.defaultBehavior;
  }

  private sent(viewer: ViewerRequest, behavior: EdgeBehavior, uri: string, query: string | undefined) {
    const origin = this.origins.get(behavior.targetOriginId);
    if (origin === undefined) throw new Error(`${behavior.name}: there is no origin ${behavior.targetOriginId}`);
    const { DefaultRootObject: root } = this.config;
    const path = `${origin.path}${uri === '/' && root !== undefined ? `/${String(root)}` : uri}`;
    const { headers, query: passesQuery } = behavior.sentOn(viewer, origin.host);
    const request = {
      method: viewer.method,
      host: origin.host,
      url: passesQuery && query !== undefined ? `${path}?${query}` : path,
      // What the viewer sent under such a name is replaced (AWS: add custom headers to origin requests).
      headers: { ...headers, ...origin.headers },
      ...(viewer.body !== undefined && { body: viewer.body }),
    };
    return { request, fetch: origin.fetch };
  }

  private errorEntry(status: number): Settings | undefined {
    return listBelow(this.config, 'CustomErrorResponses').find(({ ErrorCode }) => Number(ErrorCode) === status);
  }

  /** The longer of what the distribution and the origin say. */
  private errorSeconds({ status, headers }: EdgeAnswer, method: string): number | undefined {
    const [, asked] = /(?:s-maxage|max-age)=(\d+)/.exec(headers['cache-control'] ?? '') ?? [];
    const kept = KEPT_ERRORS.includes(status) || (KEPT_WHEN_ASKED.includes(status) && asked !== undefined);
    if (!kept || !['GET', 'HEAD'].includes(method)) return undefined;
    const entry = this.errorEntry(status);
    const least =
      entry === undefined ? ERROR_SECONDS : Number(entry['ErrorCachingMinTTL'] ?? ERROR_SECONDS_OF_AN_ENTRY);
    return Math.max(least, Number(asked ?? 0));
  }

  /** The page that the distribution shows in place of an error, if it does. */
  private async errorPage(answer: EdgeAnswer, { scheme, headers }: ViewerRequest): Promise<EdgeAnswer> {
    const { ResponsePagePath: page, ResponseCode } = this.errorEntry(answer.status) ?? {};
    if (page === undefined) return answer;
    answer.stream?.destroy();
    const { 'accept-encoding': _, ...plain } = headers ?? {};
    const shown = await this.request({ method: 'GET', url: String(page), scheme, headers: plain });
    return { status: Number(ResponseCode ?? answer.status), headers: shown.headers, body: shown.body };
  }

  private finished(answer: EdgeAnswer, behavior: EdgeBehavior, request: ViewerRequest): EdgeAnswer {
    const headers = behavior.responseHeaders?.apply(answer.headers) ?? answer.headers;
    const policy = headers['content-security-policy'];
    if (answer.stream !== undefined) return { ...answer, headers };
    const local = policy === undefined ? headers : { ...headers, 'content-security-policy': this.standIn(policy) };
    const config = request.url.split('?')[0] === '/config.json' && answer.status === 200;
    const body = config ? Buffer.from(this.standIn(answer.body.toString('utf8'))) : answer.body;
    const whole = { status: answer.status, headers: local, body };
    const compresses = behavior.compresses && behavior.cachePolicy.acceptEncoding;
    const sent = compresses ? compressed(whole, request.headers?.['accept-encoding']) : whole;
    return request.method === 'HEAD' ? { ...sent, body: Buffer.alloc(0) } : sent;
  }

  private standIn(text: string): string {
    return Object.entries(this.context.standIns ?? {}).reduce((now, [from, to]) => now.replaceAll(from, to), text);
  }
}

/** What CloudFront answers before anything else. */
function refusedEarly(
  behavior: EdgeBehavior,
  { method, url, scheme, headers, body }: ViewerRequest,
): EdgeAnswer | undefined {
  const reads = ['GET', 'HEAD'].includes(method);
  if (scheme === 'http' && behavior.viewerProtocol === 'redirect-to-https') {
    // AWS: require HTTPS between viewers and CloudFront.
    const location = `https://${headers?.['host'] ?? ''}${url}`;
    return { status: reads ? 301 : 307, headers: { location }, body: Buffer.alloc(0) };
  }
  if (scheme === 'http' && behavior.viewerProtocol === 'https-only') return refusal('HTTPS is required');
  if (!behavior.methods.includes(method)) return refusal(`The behaviour ${behavior.name} does not take ${method}`);
  // AWS: HTTP methods, GET requests that include a body.
  if (reads && body !== undefined && body.length > 0) return refusal(`${method} has a body`);
  return undefined;
}

function refusal(why: string): EdgeAnswer {
  return {
    status: 403,
    headers: { 'content-type': 'text/html', 'x-cache': 'Error from cloudfront' },
    body: Buffer.from(
      `<html><head><title>ERROR: The request could not be satisfied</title></head><body>${why}</body></html>`,
    ),
  };
}
