import type { Place, PlacedStack } from '../place';
import { type Answer, type Aws, type Check, ok, willFail } from '../question';

/** Whether the CDK's bootstrap stack is there, and new enough (AWS: CDK, bootstrapping). */
export const bootstrap: Check = {
  id: 'bootstrap',
  questions: (place) => {
    const parameters = new Map<string, PlacedStack[]>();
    for (const stack of place.stacks) {
      const { bootstrapParameter: name } = stack;
      if (name !== undefined) parameters.set(name, [...(parameters.get(name) ?? []), stack]);
    }
    return [...parameters].map(([name, stacks]) => ({
      subject: name,
      resources: [],
      ask: (aws) =>
        looked(aws, place, name, Math.max(0, ...stacks.map(({ bootstrapVersion = 0 }) => bootstrapVersion))),
    }));
  },
};

async function looked(aws: Aws, place: Place, name: string, needed: number): Promise<Answer> {
  const command = commandFor(place, name);
  try {
    const { Parameter } = await aws.call('ssm:GetParameter', { Name: name });
    const version = Number(Parameter?.Value);
    if (version >= needed) return ok(`version ${version}, and ${needed} is needed`);
    return willFail(`The bootstrap stack is of version ${Parameter?.Value}, and ${needed} is needed`, command);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
    return willFail(`The region is not bootstrapped: there is no parameter ${name}`, command);
  }
}

/** The qualifier is a part of the parameter's name. */
function commandFor({ account, region }: Place, name: string): string {
  const [, qualifier = 'hnb659fds'] = /^\/cdk-bootstrap\/([^/]+)\/version$/.exec(name) ?? [];
  const own = qualifier === 'hnb659fds' ? '' : ` --qualifier ${qualifier} --toolkit-stack-name CDKToolkit-${qualifier}`;
  return `npx cdk bootstrap aws://${account}/${region}${own}`;
}
