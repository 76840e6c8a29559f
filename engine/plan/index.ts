// The public face of the planner.
export { ALIGNMENT, packArena, type Packing } from './arena.ts';
export { ownBytes } from './encode.ts';
export { EngineError, type EngineErrorCode } from './engine-error.ts';
export { padded } from './geometry.ts';
export type { Buffer, Instruction } from './instruction.ts';
export type { Traced } from './network.ts';
export type { Parameter, StoredArray } from './parameters.ts';
export { derivePhases, type Lifetime, type Phases } from './phases.ts';
export {
  damagedGuards,
  describeBytes,
  isDescribed,
  planTraining,
  ROW_CAPACITY,
  writePlan,
  type DataRegion,
  type DataSizes,
  type PlanOptions,
  type Program,
  type RegionName,
  type TrainingPlan,
} from './plan.ts';
