import { below, listBelow, onlyKnown, type Settings } from './known-settings';

interface HeaderRule {
  readonly name: string;
  readonly value: string;
  /** Whether it replaces what the origin said. */
  readonly override: boolean;
}

/** A response headers policy (AWS: understand response headers policies). */
export class ResponseHeaders {
  private readonly rules: readonly HeaderRule[];
  private readonly removed: readonly string[];

  /** @throws Error naming a setting that is not known here */
  constructor(policy: Settings, where: string) {
    const config = onlyKnown(
      below(policy, 'ResponseHeadersPolicyConfig'),
      ['Name', 'Comment', 'CustomHeadersConfig', 'RemoveHeadersConfig', 'SecurityHeadersConfig'],
      where,
    );
    const custom = listBelow(below(config, 'CustomHeadersConfig'), 'Items').map(({ Header, Value, Override }) => ({
      name: String(Header).toLowerCase(),
      value: String(Value),
      override: Override === true,
    }));
    this.rules = [...securityHeaders(below(config, 'SecurityHeadersConfig'), where), ...custom];
    this.removed = listBelow(below(config, 'RemoveHeadersConfig'), 'Items').map(({ Header }) =>
      String(Header).toLowerCase(),
    );
  }

  /** An answer's headers as the viewer gets them. */
  apply(headers: Readonly<Record<string, string>>): Record<string, string> {
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !this.removed.includes(name)));
    for (const { name, value, override } of this.rules) if (override || !(name in kept)) kept[name] = value;
    return kept;
  }
}

function securityHeaders(config: Settings, where: string): HeaderRule[] {
  onlyKnown(
    config,
    ['ContentSecurityPolicy', 'ContentTypeOptions', 'FrameOptions', 'ReferrerPolicy', 'StrictTransportSecurity'],
    where,
  );
  const values: Readonly<Record<string, readonly [header: string, value: (setting: Settings) => unknown]>> = {
    ContentSecurityPolicy: ['content-security-policy', (setting) => setting['ContentSecurityPolicy']],
    ContentTypeOptions: ['x-content-type-options', () => 'nosniff'],
    FrameOptions: ['x-frame-options', (setting) => setting['FrameOption']],
    ReferrerPolicy: ['referrer-policy', (setting) => setting['ReferrerPolicy']],
    StrictTransportSecurity: [
      'strict-transport-security',
      ({ AccessControlMaxAgeSec, IncludeSubdomains, Preload }) =>
        `max-age=${String(AccessControlMaxAgeSec)}${IncludeSubdomains === true ? '; includeSubDomains' : ''}${
          Preload === true ? '; preload' : ''
        }`,
    ],
  };
  return Object.entries(values).flatMap(([name, [header, value]]) => {
    if (!(name in config)) return [];
    const setting = below(config, name);
    return [{ name: header, value: String(value(setting)), override: setting['Override'] === true }];
  });
}
