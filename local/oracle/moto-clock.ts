import { WallClock } from '../clock/wall-clock';
import type { MotoWorld } from './moto-world';

const LOOK_MS = 500;

/** The machine's time, with nothing skipped: another engine keeps its own. */
export class MotoClock extends WallClock {
  constructor(private readonly world: MotoWorld) {
    super();
  }

  override during<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  /** Waits until everything is quiet, twice in a row. */
  override async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      await new Promise((done) => {
        setTimeout(done, LOOK_MS);
      });
      const still = !this.waitedFor && (await this.world.quiet());
      quiet = still ? quiet + 1 : 0;
    }
  }
}
