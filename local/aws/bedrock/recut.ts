import { ConnectionCut } from './errors';

/** How the bytes of a stream are cut, whatever messages they are of. */
export interface Cuts {
  /** Offsets in the whole stream at which a write ends and the next begins. */
  readonly splitBytesAt?: readonly number[];
  /** Bytes of each write; a write waits until it is full. */
  readonly bytesPerWrite?: number;
  /** The connection is cut after so many bytes: in the middle of a message. */
  readonly dieAtByte?: number;
}

/** Cuts a stream anew: what a network may do to it. */
export async function* recut(source: AsyncIterable<Buffer>, cuts: Cuts): AsyncGenerator<Buffer> {
  const { splitBytesAt = [], bytesPerWrite, dieAtByte } = cuts;
  const pieces = bytesPerWrite === undefined ? splitAt(source, splitBytesAt) : inPieces(source, bytesPerWrite);
  let left = dieAtByte ?? Number.POSITIVE_INFINITY;
  for await (const piece of pieces) {
    yield piece.subarray(0, Math.min(left, piece.length));
    left -= piece.length;
    if (left <= 0) throw new ConnectionCut('scripted');
  }
}

async function* inPieces(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of source) {
    waiting = Buffer.concat([waiting, chunk]);
    for (; waiting.length >= size; waiting = waiting.subarray(size)) yield waiting.subarray(0, size);
  }
  if (waiting.length > 0) yield waiting;
}

async function* splitAt(source: AsyncIterable<Buffer>, offsets: readonly number[]): AsyncGenerator<Buffer> {
  let passed = 0;
  for await (const chunk of source) {
    const inside = offsets.filter((offset) => offset > passed && offset < passed + chunk.length).sort((a, b) => a - b);
    let from = 0;
    for (const to of [...inside.map((offset) => offset - passed), chunk.length]) {
      yield chunk.subarray(from, to);
      from = to;
    }
    passed += chunk.length;
  }
}
