// The public face of the planner.
export { ALIGNMENT, packArena, type Packing } from './arena.ts';
export { EngineError, type EngineErrorCode } from './engine-error.ts';
export type { Buffer, Instruction } from './instruction.ts';
export { padded, type LinearLayer, type Parameter } from './network.ts';
export { derivePhases, type Lifetime, type Phases } from './phases.ts';
export {
  damagedGuards,
  describeBytes,
  planTraining,
  ROW_CAPACITY,
  writePlan,
  type DataRegion,
  type PlanOptions,
  type TrainingPlan,
} from './plan.ts';
