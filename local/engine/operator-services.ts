import { LocalCloudFormation } from '../aws/cloudformation';
import { TablesAndStreams } from '../aws/dynamodb/stream-reads';
import { optionalText, records, text, unsupported } from '../aws/input';
import { AwsError, type LocalInput, type LocalService } from '../aws/service';
import { LocalUserPoolAdmin } from '../aws/user-pool-admin';
import type { Services } from '../aws/wire';
import type { LocalEngine } from './local-engine';
import { administeredPools } from './user-pools';

/**
 * A running stack as an operator sees it from outside: its stores, and what one calls beside them: CloudFormation, functions,
 * the event bus, workflows, the tables' streams, and the users.
 *
 * @param here outputs that are another value here, such as the address where the API listens
 */
export function operatorServices(engine: LocalEngine, here: Readonly<Record<string, string>> = {}): Services {
  const { stores, clock, template, userPools, newId } = engine;
  return {
    ...stores,
    cloudformation: cloudFormationOf(engine, here),
    'cognito-idp': new LocalUserPoolAdmin(administeredPools(template, userPools), () => clock.now(), newId),
    dynamodb: new TablesAndStreams(stores.dynamodb, () => clock.now()),
    events: new OperatedBus(engine),
    lambda: new OperatedFunctions(engine),
    states: new OperatedWorkflows(engine),
  };
}

function cloudFormationOf(
  { deployment, template, stack }: LocalEngine,
  here: Readonly<Record<string, string>>,
): LocalCloudFormation {
  const cloudFormation = new LocalCloudFormation(deployment);
  cloudFormation.add({
    name: deployment.stackName,
    template: stack.template,
    outputs: {
      ...Object.fromEntries(
        Object.keys(stack.template.Outputs ?? {}).map((name) => [name, String(template.output(name))]),
      ),
      ...here,
    },
    resources: Object.fromEntries(
      [...template.resources].map(([logicalId, { type, name }]) => [logicalId, { type, physicalId: name }]),
    ),
  });
  return cloudFormation;
}

/** AWS: API_PutEvents, 10 entries; a refused one is told in the answer. */
class OperatedBus implements LocalService {
  constructor(private readonly engine: LocalEngine) {}

  call(action: string, input: LocalInput): LocalInput {
    if (action !== 'PutEvents') throw unsupported(action);
    const entries = records(input, 'Entries');
    if (entries.length < 1 || entries.length > 10) {
      throw new AwsError('ValidationException', 'Entries must have length less than or equal to 10');
    }
    const buses = this.engine.template.ofType('AWS::Events::EventBus').map(({ name }) => name);
    const answers = entries.map((entry) => {
      const [bus, source, type] = ['EventBusName', 'Source', 'DetailType'].map((name) => optionalText(entry, name));
      const detail = optionalText(entry, 'Detail');
      if (source === undefined || type === undefined || detail === undefined) {
        return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Source, DetailType or Detail is not valid.' };
      }
      if (source.startsWith('aws.')) {
        return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
      }
      if (!buses.includes(bus ?? '')) {
        return { ErrorCode: 'ResourceNotFoundException', ErrorMessage: `Event bus ${bus} does not exist.` };
      }
      this.engine.bus?.put(source, type, JSON.parse(detail));
      return { EventId: this.engine.newId() };
    });
    return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
  }
}

/** AWS: Lambda, API_Invoke, for an asynchronous event. */
class OperatedFunctions implements LocalService {
  constructor(private readonly engine: LocalEngine) {}

  call(action: string, input: LocalInput): LocalInput {
    if (action !== 'Invoke' || optionalText(input, 'InvocationType') !== 'Event') throw unsupported(action);
    const name = text(input, 'FunctionName').replace(/:\$LATEST$/, '');
    const { template, destinations } = this.engine;
    const fn = template
      .ofType('AWS::Lambda::Function')
      .find((each) => each.arn === name || each.name === name || name.startsWith(`${each.arn}:`));
    if (fn?.arn === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    destinations.invoke(fn.arn, JSON.parse(text(input, 'Payload')));
    return {};
  }
}

/** AWS: Step Functions, API_StartExecution. */
class OperatedWorkflows implements LocalService {
  private readonly started = new Map<string, { readonly input: string; running: boolean }>();

  constructor(private readonly engine: LocalEngine) {}

  call(action: string, input: LocalInput): LocalInput {
    if (action !== 'StartExecution') throw unsupported(action);
    const { stateMachines, newId, clock } = this.engine;
    const arn = text(input, 'stateMachineArn');
    const name = optionalText(input, 'name') ?? newId();
    const body = optionalText(input, 'input') ?? '{}';
    const machine = stateMachines.get(arn);
    if (machine === undefined) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    if (!/^[\w.-]{1,80}$/.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    const before = this.started.get(`${arn}/${name}`);
    // The same name and input answer as before while the execution runs; an ended one keeps its name for 90 days.
    if (before !== undefined && !(before.running && before.input === body)) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}:${name}'`);
    }
    if (before === undefined) {
      const execution = { input: body, running: true };
      this.started.set(`${arn}/${name}`, execution);
      void machine.execute(name, JSON.parse(body)).then(() => {
        execution.running = false;
      });
    }
    return {
      executionArn: `${arn.replace(':stateMachine:', ':execution:')}:${name}`,
      startDate: Math.floor(clock.now() / 1000),
    };
  }
}
