import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { AccessRequest } from './policies';

/** Which key encrypts what, and who uses it for that. */
export class Encryption {
  /** @param outside keys of resources that the template only names, by the resource's ARN; their policy lets the account decide */
  constructor(
    private readonly template: ResolvedTemplate,
    private readonly outside: Readonly<Record<string, string>> = {},
  ) {}

  /** Uses of the key of a resource; none of a resource without a key. @param of ARN of the resource, or of a key */
  use(
    principal: string,
    actions: readonly string[],
    of: string,
    context: Readonly<Record<string, string>> = {},
  ): AccessRequest[] {
    const resource = this.keyOf(of);
    if (resource === undefined) return [];
    const policyOf = this.template.byArn(resource)?.logicalId;
    return actions.map((action) => ({ principal, action, resource, policyOf, context }));
  }

  /** As {@link use}, by a service that holds the resource and calls KMS in the principal's name. */
  via(service: string, principal: string, actions: readonly string[], of: string): AccessRequest[] {
    return this.use(principal, actions, of, {
      'kms:ViaService': `${service}.${this.template.deployment.region}.amazonaws.com`,
    });
  }

  /** A resource's properties name no key but its own; what belongs to a table or stream has that one's. */
  private keyOf(arn: string): string | undefined {
    if (arn.startsWith('arn:aws:kms:')) return arn;
    const resource = this.template.byArn(arn.replace(/^(.+:(?:table|stream)\/[^/]+)\/.+$/, '$1'));
    if (resource === undefined) return this.outside[arn];
    return /"(arn:aws:kms:[^"]+)"/.exec(JSON.stringify(resource.properties))?.[1];
  }
}
