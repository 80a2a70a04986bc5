import type { LocalEngine, LocalEngineOptions } from '../engine/local-engine';
import { deadLetters } from '../scenarios/dead-letters';

/** Notes what would page an operator while clients make mistakes: errors in logs, dead letters, alarms. */
export class Watch {
  private logged: string[] = [];
  private readonly known = new Set<string>();
  private letters = 0;
  private engine?: LocalEngine;

  /** Hears what functions log. */
  readonly onLog: NonNullable<LocalEngineOptions['onLog']> = ({ service }, line) => {
    if (isError(line)) this.logged.push(`${service} logs an error: ${line.slice(0, 400)}`);
  };

  /** Looks at an engine from here on. */
  begin(engine: LocalEngine): void {
    this.engine = engine;
  }

  /** Errors that were logged since the last look. */
  errors(): readonly string[] {
    return this.logged.splice(0);
  }

  /** Errors, dead letters and alarms since the last look. */
  faults(): readonly string[] {
    const { engine } = this;
    if (engine === undefined) return this.errors();
    const found = [...this.errors()];
    const letters = [...deadLetters(engine)].flatMap(([queue, bodies]) => bodies.map((body) => `${queue}: ${body}`));
    if (letters.length > this.letters)
      found.push(`${letters.length - this.letters} dead letters: ${letters.at(-1)?.slice(0, 400)}`);
    this.letters = letters.length;
    for (const alarm of engine.firedAlarms()) {
      if (!this.known.has(alarm)) found.push(`the alarm ${alarm} fires`);
      this.known.add(alarm);
    }
    return found;
  }
}

/** Whether a line is one that alarms and people look for. */
function isError(line: string): boolean {
  return line.startsWith('ERROR') || /"level":"(?:ERROR|CRITICAL)"/.test(line);
}
