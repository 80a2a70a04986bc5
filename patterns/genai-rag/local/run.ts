import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { bedrockError } from '../../../local/aws/bedrock/errors';
import { AwsError } from '../../../local/aws/service';
import type { RecordedCall } from '../../../local/aws/wire';
import type { Clock } from '../../../local/clock/clock';
import type { Faults } from '../../../local/engine/faults';
import { seededRandom } from '../../../local/engine/random';
import { letInCrowd } from './crowd';
import { type RagPlace, startRag } from './place';
import { type RagReport, reportOn } from './report';
import { ingested, type Walk, type WalkStep, walkThrough } from './walk';

/** What is asked. */
export interface RagRun {
  readonly questions: number;
  readonly seed: number;
  readonly clock?: Clock;
  readonly code?: Readonly<Record<string, string>>;
  readonly onStart?: (place: RagPlace) => void;
  readonly onStep?: (step: WalkStep) => void;
  readonly onProgress?: (line: () => string) => void;
}

/** How a run went. */
export interface RagResult extends RagReport {
  readonly walk: Walk;
  readonly users: number;
  /** What went wrong on purpose, and how often. */
  readonly troubles: Readonly<Record<string, number>>;
  /** AWS calls of the function that answers, for an answer of the crowd. */
  readonly callsPerAnswer: number;
  /** Logical ids of the alarms that would have gone off. */
  readonly alarms: readonly string[];
  /** Milliseconds that the stack saw go by. */
  readonly took: number;
}

/** People at once. */
const USERS = 24;
/** Writes take time from the first one on, so that those that meet on an item conflict. */
const ALWAYS: Faults = { writeMs: [5, 30] };
/** Of a hundred deliveries, how many come ten times; of a hundred invocations, how many die before or after their work. */
const BAD_DAY: Faults = { duplicates: 0.1, crashBeforeEffect: 0.01, crashAfterEffect: 0.02 };
/** Of a hundred calls of the model, how many are throttled, cut off midway, or end with an error in the stream. */
const MODEL = { throttled: 0.08, cut: 0.03, streamError: 0.02 };
/** Of a hundred documents, how many S3 does not copy at first, and for how many requests: more than the SDK tries. */
const COPIES = { refused: 0.15, times: 4 };
/** Looks at the documents, a quarter of a minute apart, until no one waits any longer: what comes later is lost. */
const LONGEST_WAIT = 480;

/** Runs the application: one person first, whom nothing disturbs but what they try; then a crowd, on a bad day. */
export async function runRag(stack: SynthesizedStack, run: RagRun): Promise<RagResult> {
  const { questions, seed, clock, code } = run;
  // Faults begin with the crowd.
  const faults: { -readonly [Name in keyof Faults]: Faults[Name] } = { ...ALWAYS };
  let troubles: Troubles | undefined;
  let askCalls = 0;
  let ask = '';
  const onCall = (call: RecordedCall) => {
    if (call.accessKeyId === ask) askCalls += 1;
    troubles?.disturb(call);
  };
  const onLog = (_: unknown, line: string) => {
    if (line.startsWith('ERROR Runtime.ExitError')) troubles?.note('functions that died');
  };
  const place = await startRag(stack, { seed, faults, code, onCall, onLog, ...(clock !== undefined && { clock }) });
  const { engine } = place;
  try {
    ask =
      [...engine.functions.values()].find(({ definition }) => definition.service === 'ask')?.definition.logicalId ?? '';
    run.onStart?.(place);
    const begun = engine.clock.now();
    const walking = walkThrough(place, { onStep: run.onStep ?? (() => undefined), callsOfAsk: () => askCalls });
    const walk = await engine.during(walking);
    const tenants = new Map(walk.tenants);
    const bad = new Troubles(place, seed);
    troubles = bad;
    Object.assign(faults, BAD_DAY);
    engine.bedrock.failJob('The vector store was away.');
    askCalls = 0;
    const users = Math.min(USERS, questions);
    let asked = 0;
    run.onProgress?.(() => `${asked} of ${questions} questions asked by ${users} people`);
    const told = await engine.during(
      letInCrowd(place, {
        users,
        questions,
        seed,
        tenants,
        onQuestion: (count) => {
          asked = count;
        },
        onUnreadable: (id) => engine.bedrock.failDocument(id, 'The file is damaged.'),
      }),
    );
    const callsPerAnswer = askCalls / Math.max(1, [...told.told.values()].flat().length);
    run.onProgress?.(() => 'waiting for the last documents');
    await engine.during(ingested(place, told.visitors, LONGEST_WAIT));
    for (const name of Object.keys(faults)) delete faults[name as keyof Faults];
    troubles = undefined;
    const report = await engine.during(reportOn(place, walk, told, tenants));
    const [alarms, took] = [engine.firedAlarms(), engine.clock.now() - begun];
    return { ...report, walk, users, troubles: bad.told, callsPerAnswer, alarms, took };
  } finally {
    await place.stop();
  }
}

/** What goes wrong at the services while people are there. */
class Troubles {
  readonly told: Record<string, number> = {
    'model throttled': 0,
    'answers cut off midway': 0,
    'errors in the stream': 0,
    'copies refused by S3': 0,
    'ingestion jobs failed': 1,
    'functions that died': 0,
  };
  private readonly refusals = new Map<string, number>();
  private readonly random: () => number;

  constructor(
    private readonly place: RagPlace,
    seed: number,
  ) {
    this.random = seededRandom(seed, 'troubles');
  }

  /** @throws AwsError for a call that is refused */
  disturb({ service, action, input }: RecordedCall): void {
    if (service === 'bedrock' && action === 'ConverseStream') this.disturbModel();
    if (service === 's3' && action === 'CopyObject') this.disturbCopy(String(input['Key']));
  }

  private disturbModel(): void {
    const { bedrock } = this.place.engine;
    const chance = this.random();
    if (chance < MODEL.throttled) {
      this.note('model throttled');
      throw bedrockError('ThrottlingException', 'Too many requests, please wait before trying again.');
    }
    if (chance < MODEL.throttled + MODEL.cut) {
      this.note('answers cut off midway');
      bedrock.script({ dieAfter: 3 });
    } else if (chance < MODEL.throttled + MODEL.cut + MODEL.streamError) {
      this.note('errors in the stream');
      bedrock.script({ streamError: { after: 2, type: 'modelStreamErrorException' } });
    }
  }

  private disturbCopy(key: string): void {
    const left = this.refusals.get(key) ?? (this.random() < COPIES.refused ? COPIES.times : 0);
    this.refusals.set(key, Math.max(0, left - 1));
    if (left === 0) return;
    this.note('copies refused by S3');
    throw new AwsError('SlowDown', 'Please reduce your request rate.', 503);
  }

  note(what: keyof Troubles['told']): void {
    this.told[what] = (this.told[what] ?? 0) + 1;
  }
}
