// The learning-rate schedule of a PyTorch script: torch's classes, and where in the loop each of them takes its step.
import type { ScheduleSpec } from '../../spec/index.ts';
import type { ScriptContext } from '../script/context.ts';
import { breakCall, comment, keyword, pyBool, pyCall, pyFloat } from '../script/text.ts';

export interface ScheduleText {
  readonly definitions: readonly string[];
  readonly afterUpdate: readonly string[];
  readonly afterEpoch: readonly string[];
  /** After every evaluation, the one before the first update included: the metric that decides. */
  readonly afterEvaluation: 'validation_loss' | 'train_loss' | null;
  /** Whether the rate ever changes. */
  readonly moves: boolean;
}

const number = (name: string, value: number, fallback: number) => keyword(name, value, fallback, pyFloat);
const count = (name: string, value: number, fallback: number) => keyword(name, value, fallback, String);
const word = (name: string, value: string, fallback: string) => keyword(name, value, fallback, (x) => `"${x}"`);

interface Constructed {
  readonly text: string;
  readonly tick: 'step' | 'epoch' | 'evaluation';
  readonly note: string;
}

/** @param totalSteps Python expression of the run's number of updates. */
function construct(schedule: ScheduleSpec, totalSteps: string): Constructed | null {
  const call = (...args: readonly (string | undefined)[]): string =>
    pyCall(`torch.optim.lr_scheduler.${schedule.type}`, ['optimizer', ...args]);
  switch (schedule.type) {
    case 'constant':
      return null;
    case 'StepLR':
      return {
        text: call(`step_size=${schedule.step_size}`, number('gamma', schedule.gamma, 0.1)),
        tick: schedule.interval,
        note: `The learning rate is multiplied by ${schedule.gamma} every ${schedule.step_size} ${schedule.interval === 'step' ? 'updates' : 'epochs'}.`,
      };
    case 'ExponentialLR':
      return {
        text: call(`gamma=${pyFloat(schedule.gamma)}`),
        tick: schedule.interval,
        note: `The learning rate is multiplied by ${schedule.gamma} after every ${schedule.interval === 'step' ? 'update' : 'epoch'}.`,
      };
    case 'CosineAnnealingLR':
      return {
        text: call(`T_max=${schedule.T_max}`, number('eta_min', schedule.eta_min, 0)),
        tick: schedule.interval,
        note: `The learning rate falls along half a cosine over ${schedule.T_max} ${schedule.interval === 'step' ? 'updates' : 'epochs'}.`,
      };
    case 'OneCycleLR':
      return {
        text: call(
          `max_lr=${pyFloat(schedule.max_lr)}`,
          `total_steps=${totalSteps}`,
          number('pct_start', schedule.pct_start, 0.3),
          word('anneal_strategy', schedule.anneal_strategy, 'cos'),
          keyword('cycle_momentum', schedule.cycle_momentum, true, pyBool),
          number('base_momentum', schedule.base_momentum, 0.85),
          number('max_momentum', schedule.max_momentum, 0.95),
          number('div_factor', schedule.div_factor, 25),
          number('final_div_factor', schedule.final_div_factor, 1e4),
          keyword('three_phase', schedule.three_phase, false, pyBool),
        ),
        tick: 'step',
        note: 'The learning rate rises to max_lr and falls far below its start, once over the whole run.',
      };
    case 'ReduceLROnPlateau':
      return {
        text: call(
          number('factor', schedule.factor, 0.1),
          count('patience', schedule.patience, 10),
          number('threshold', schedule.threshold, 1e-4),
          word('threshold_mode', schedule.threshold_mode, 'rel'),
          count('cooldown', schedule.cooldown, 0),
          number('min_lr', schedule.min_lr, 0),
          number('eps', schedule.eps, 1e-8),
        ),
        tick: 'evaluation',
        note: `The learning rate is multiplied by ${schedule.factor} when ${schedule.metric === 'train_loss' ? 'the train loss' : 'the validation loss'} stops falling.`,
      };
    default:
      return schedule satisfies never;
  }
}

/** @param totalSteps Python expression of the run's number of updates. */
export function scheduleText({ variant: { recipe } }: ScriptContext, totalSteps: string): ScheduleText {
  const { schedule, warm_up: warmUp } = recipe;
  // A factor of 1 changes nothing, and torch refuses it.
  const idle = schedule.type === 'ReduceLROnPlateau' && schedule.factor === 1;
  const main = idle ? null : construct(schedule, totalSteps);
  const warm =
    warmUp === null
      ? []
      : [
          ...comment(`Warm-up: the learning rate grows to its full size over the first ${warmUp.steps} updates.`),
          `warm_up = ${pyCall('torch.optim.lr_scheduler.LinearLR', [
            'optimizer',
            number('start_factor', warmUp.start_factor, 1 / 3),
            `total_iters=${warmUp.steps}`,
          ])}`,
        ];
  const tick = main?.tick;
  return {
    definitions: [...warm, ...(main === null ? [] : [...comment(main.note), ...breakCall(`scheduler = ${main.text}`)])],
    afterUpdate: [
      ...(warmUp === null ? [] : ['warm_up.step()']),
      // After its last step there is nothing left to schedule, and torch can divide by zero there.
      ...(schedule.type === 'OneCycleLR' ? ['if step < steps:', '    scheduler.step()'] : []),
      ...(tick === 'step' && schedule.type !== 'OneCycleLR' ? ['scheduler.step()'] : []),
    ],
    afterEpoch: tick === 'epoch' ? ['scheduler.step()'] : [],
    afterEvaluation: tick === 'evaluation' && schedule.type === 'ReduceLROnPlateau' ? schedule.metric : null,
    moves: main !== null || warmUp !== null,
  };
}
