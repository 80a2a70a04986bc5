import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../patterns/selection';

const STACKS = ['EventDriven', 'DataPipeline', 'WebAppNetwork', 'WebAppData', 'WebApp', 'GenAiRag'];

/** What a command line is about. */
function asked(line: string): string[] | 'names' {
  const { namesOnly, includes } = selectionOf(line.split(' '));
  return namesOnly ? 'names' : STACKS.filter((id) => includes(id, STACKS));
}

describe('a command of the CDK CLI', () => {
  it.each([
    ['synth EventDriven', ['EventDriven']],
    ['synth EventDriven -c region=eu-west-2 --quiet', ['EventDriven']],
    ['-c stage=prod deploy EventDriven GenAiRag', ['EventDriven', 'GenAiRag']],
    ['deploy WebApp*', ['WebAppNetwork', 'WebAppData', 'WebApp']],
    ['diff ?ata*', ['DataPipeline']],
    ['destroy WebApp', ['WebApp']],
    ['watch DataPipeline --hotswap', ['DataPipeline']],
  ])('%s is about %j', (line, stacks) => {
    expect(asked(line)).toEqual(stacks);
  });

  it.each([
    'synth',
    'synth --quiet',
    'deploy --all',
    'deploy EventDriven --all',
    'deploy *',
    'deploy {EventDriven,WebApp}',
    'deploy @(WebApp)',
    'synth Nothing',
    'doctor EventDriven',
    'list --long',
    'ls -l',
    'list --json',
    'list --show-dependencies',
    '--profile list deploy',
    '-c stage=prod list',
  ])('%s may need every stack', (line) => {
    expect(asked(line)).toEqual(STACKS);
  });

  it.each(['list', 'ls', 'list EventDriven', 'ls -c stage=prod', 'list --no-notices'])(
    '%s needs names alone',
    (line) => {
      expect(asked(line)).toBe('names');
    },
  );

  it.each(['bootstrap', 'bootstrap aws://111122223333/us-east-1', 'bootstrap --profile dev'])(
    '%s needs environments alone',
    (line) => {
      expect(selectionOf(line.split(' '))).toMatchObject({ namesOnly: true, environmentsOnly: true, isDraft: true });
    },
  );

  it.each([
    ['synth', true],
    ['synth EventDriven', true],
    ['synthesize --all', true],
    ['list', true],
    ['deploy EventDriven', false],
    ['deploy --all', false],
    ['watch DataPipeline', false],
    ['--profile synth deploy', false],
    ['diff EventDriven', false],
    ['doctor', false],
  ])('%s is a draft, which CDK need not judge: %s', (line, isDraft) => {
    expect(selectionOf(line.split(' ')).isDraft).toBe(isDraft);
  });

  it('gets one stack too many, rather than too few, where an option is given what a stack is called', () => {
    expect(asked('deploy EventDriven --output WebApp')).toEqual(['EventDriven', 'WebApp']);
    expect(asked('deploy EventDriven --output out.d')).toEqual(['EventDriven']);
  });
});
