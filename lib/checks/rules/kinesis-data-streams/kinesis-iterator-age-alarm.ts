import { streamRead } from '../../kinesis-mapping';
import { mustHold, notApplicable, type Rule } from '../../rule';

const FIVE_MINUTES_MS = 300_000;

/** A stream has no queue to grow: that a function falls behind shows in its iterator age alone. */
export const kinesisIteratorAgeAlarm: Rule = {
  id: 'kinesis-iterator-age-alarm',
  types: ['AWS::Lambda::EventSourceMapping'],
  check: (mapping, inventory) => {
    if (streamRead(mapping, inventory) === undefined) return notApplicable;
    const fn = inventory.functionBehind(mapping, mapping.get('FunctionName'));
    const alarms = inventory.alarmsOn('AWS/Lambda', 'IteratorAge', fn);
    return mustHold(
      alarms.some((alarm) => (alarm.number('Threshold') ?? 0) <= FIVE_MINUTES_MS),
      'no alarm when the IteratorAge of the function is five minutes or more',
    );
  },
};
