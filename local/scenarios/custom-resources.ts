import type { SynthesizedStack } from '../assembly/cloud-assembly';
import { type ResolvedResource, ResolvedTemplate } from '../assembly/resolved-template';
import type { Clock } from '../clock/clock';
import { VirtualClock } from '../clock/virtual-clock';
import { createCustomResource } from '../engine/custom-resource';
import { functionDefinition } from '../lambda/function-definition';
import { threadSandboxes } from '../lambda/thread-sandbox';

/** Custom resources of a stack, which its own functions create. */
export class CustomResources {
  readonly template: ResolvedTemplate;

  /**
   * @param clock @default - one of their own
   * @param endpoint of the services that the functions ask. @default - no one answers them
   */
  constructor(
    private readonly stack: SynthesizedStack,
    private readonly clock: Clock = new VirtualClock(),
    private readonly endpoint = 'http://127.0.0.1:1',
  ) {
    this.template = new ResolvedTemplate(stack.template, stack.deployment);
  }

  /**
   * Creates the only resource of a type, as a deployment does.
   *
   * @returns its attributes by its logical id, for `withReturnedValues`
   * @throws Error when there is not one, or when its function does not work
   */
  async create(type: string): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
    const resource = this.only(type);
    const made = this.template.byArn(String(resource.properties['ServiceToken']));
    const definition = made && functionDefinition(made, this.stack);
    if (definition === undefined) throw new Error(`${resource.logicalId} has no function`);
    const createSandbox = threadSandboxes(this.clock, {
      AWS_REGION: this.stack.deployment.region,
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    return { [resource.logicalId]: await createCustomResource(resource, definition, createSandbox) };
  }

  private only(type: string): ResolvedResource {
    const [only, ...more] = this.template.ofType(type);
    if (only === undefined || more.length > 0) throw new Error(`The template has not one resource ${type}`);
    return only;
  }
}
