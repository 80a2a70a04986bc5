import type { Cancel, Clock } from '../clock/clock';

/** What an integration answers in its time, or else what is answered in its place. The integration itself goes on. */
export async function inTimeOr<Answer, Late>(
  clock: Clock,
  ms: number,
  work: Promise<Answer>,
  late: Late,
): Promise<Answer | Late> {
  let cancel: Cancel = () => undefined;
  const over = new Promise<Late>((resolve) => {
    cancel = clock.after(ms, () => resolve(late), { idle: true });
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    cancel();
  }
}
