import { CannotTell, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

/**
 * The Kinesis stream that a mapping reads, by itself or by a registered consumer; undefined for a mapping of another kind.
 *
 * @throws CannotTell for a stream's mapping whose source is not in these templates
 */
export function streamRead(mapping: TemplateResource, inventory: Inventory): TemplateResource | undefined {
  const source = inventory.referent(mapping, mapping.get('EventSourceArn'));
  if (source?.type === 'AWS::Kinesis::Stream') return source;
  if (source?.type === 'AWS::Kinesis::StreamConsumer') {
    return inventory.mustFind(source, source.get('StreamARN'), 'the stream');
  }
  // Only streams are read from a position.
  if (source === undefined && mapping.has('StartingPosition'))
    throw new CannotTell('the stream is not in these templates');
  return undefined;
}
