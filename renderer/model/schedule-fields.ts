// The settings of how large the steps become over time: schedule, warm-up, and the limit on gradients.
import type { ExperimentSpec, ScheduleSpec, ScheduleType } from '../../engine/spec/index.ts';
import { setClipping, setSchedule, setWarmUp, type ClippingType } from './recipe-edits.ts';
import type { PlainKey } from '../messages/catalogue.ts';
import { choice, COUNT, number, toggle, type FieldGroup, type FieldSpec, type Option } from './fields.ts';

const SCHEDULE_LABELS = {
  constant: 'recipe.constant',
  StepLR: 'recipe.stepLr',
  ExponentialLR: 'recipe.exponentialLr',
  CosineAnnealingLR: 'recipe.cosineLr',
  OneCycleLR: 'recipe.oneCycleLr',
  ReduceLROnPlateau: 'recipe.plateauLr',
} as const satisfies Record<ScheduleType, PlainKey>;
const SCHEDULES = Object.keys(SCHEDULE_LABELS) as ScheduleType[];

const INTERVAL = choice('recipe.schedule.interval', 'recipe.interval', [
  { value: 'epoch', label: 'recipe.perEpoch' },
  { value: 'step', label: 'recipe.perStep' },
]);
const GAMMA = number('recipe.schedule.gamma', 'recipe.gamma', { hint: 'recipe.gammaHint', step: 0.05, min: 0 });
const WATCHED: readonly Option[] = [
  { value: 'validation_loss', label: 'recipe.watchLoss' },
  { value: 'train_loss', label: 'recipe.watchTrainLoss' },
];

function scheduleOptions(schedule: ScheduleSpec): readonly FieldSpec[] {
  switch (schedule.type) {
    case 'constant':
      return [];
    case 'StepLR':
      return [number('recipe.schedule.step_size', 'recipe.stepSize', { step: 1, min: 1 }), GAMMA, INTERVAL];
    case 'ExponentialLR':
      return [GAMMA, INTERVAL];
    case 'CosineAnnealingLR':
      return [
        number('recipe.schedule.T_max', 'recipe.tMax', { step: 10, min: 1 }),
        number('recipe.schedule.eta_min', 'recipe.lowestRate', { min: 0 }),
        INTERVAL,
      ];
    case 'OneCycleLR':
      return [
        number('recipe.schedule.max_lr', 'recipe.highestRate', { min: 0 }),
        number('recipe.schedule.pct_start', 'recipe.wayUp', { hint: 'recipe.wayUpHint', step: 0.05, min: 0 }),
        number('recipe.schedule.div_factor', 'recipe.divFactor', { hint: 'recipe.divFactorHint', step: 1, min: 0 }),
        toggle('recipe.schedule.cycle_momentum', 'recipe.cycleMomentum', 'recipe.cycleMomentumHint'),
      ];
    case 'ReduceLROnPlateau':
      return [
        choice('recipe.schedule.metric', 'recipe.watched', WATCHED),
        number('recipe.schedule.patience', 'recipe.patience', { hint: 'recipe.plateauPatienceHint', ...COUNT }),
        number('recipe.schedule.factor', 'recipe.gamma', { hint: 'recipe.gammaHint', step: 0.05, min: 0 }),
        number('recipe.schedule.min_lr', 'recipe.lowestRate', { min: 0 }),
      ];
    default:
      return schedule satisfies never;
  }
}

const CLIPPING_OPTIONS = [
  { value: 'none', label: 'recipe.clipNone' },
  { value: 'norm', label: 'recipe.clipNorm' },
  { value: 'value', label: 'recipe.clipValue' },
] as const satisfies readonly (Option & { readonly value: ClippingType })[];
const CLIPPING = choice('recipe.gradient_clipping.type', 'recipe.clipping', CLIPPING_OPTIONS, {
  hint: 'recipe.clippingHint',
  read: ({ recipe }) => recipe.gradient_clipping?.type ?? 'none',
  edit: (type) => setClipping(CLIPPING_OPTIONS.find((x) => x.value === type)?.value ?? 'none'),
});
const CLIP_LIMIT = {
  norm: number('recipe.gradient_clipping.max_norm', 'recipe.clipLimit', { step: 0.1, min: 0 }),
  value: number('recipe.gradient_clipping.clip_value', 'recipe.clipLimit', { step: 0.1, min: 0 }),
} as const;

/** How large the steps become over time. */
export function scheduleFields({ recipe }: ExperimentSpec): FieldGroup {
  const { schedule, warm_up, gradient_clipping: clipping } = recipe;
  return {
    main: [
      choice(
        'recipe.schedule.type',
        'recipe.scheduleType',
        SCHEDULES.map((value) => ({ value, label: SCHEDULE_LABELS[value] })),
        { edit: (type) => setSchedule(SCHEDULES.find((x) => x === type) ?? schedule.type) },
      ),
      ...scheduleOptions(schedule),
    ],
    more: [
      number('recipe.warm_up.steps', 'recipe.warmUp', {
        whole: 'recipe.warm_up',
        hint: 'recipe.warmUpHint',
        step: 10,
        min: 1,
        empty: 'recipe.none',
        unit: 'recipe.stepsUnit',
        read: () => warm_up?.steps ?? '',
        edit: setWarmUp,
      }),
      ...(warm_up === null
        ? []
        : [
            number('recipe.warm_up.start_factor', 'recipe.warmUpFrom', {
              hint: 'recipe.warmUpFromHint',
              step: 0.05,
              min: 0,
            }),
          ]),
      CLIPPING,
      ...(clipping === null ? [] : [CLIP_LIMIT[clipping.type]]),
    ],
  };
}
