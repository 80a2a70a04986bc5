import type { LocalEngine } from '../engine/local-engine';

/** Bodies in the dead-letter queues, by the logical id of the queue; empty queues are left out. */
export function deadLetters(engine: LocalEngine): Map<string, string[]> {
  const found = engine.template
    .ofType('AWS::SQS::Queue')
    .filter(({ logicalId }) => logicalId.includes('DeadLetterQueue'))
    .map(({ logicalId, arn = '' }) => {
      const bodies = engine.stores.sqs.queue(arn).contents();
      return [logicalId, bodies.map(({ body }) => body)] as const;
    });
  return new Map(found.filter(([, bodies]) => bodies.length > 0));
}

/** The same, in whatever world the engine runs. */
export async function keptLetters(engine: LocalEngine): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { logicalId, arn = '' } of engine.template.ofType('AWS::SQS::Queue')) {
    if (!logicalId.includes('DeadLetterQueue')) continue;
    const bodies = await engine.world.bodies(arn);
    if (bodies.length > 0) found.set(logicalId, bodies);
  }
  return found;
}
