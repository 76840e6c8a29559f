// Where things lie in the arena besides the records: the agreement between the planner (TypeScript) and the kernels
// (AssemblyScript). Plain constants without type annotations, so that both compilers read this very file.
// (The records' own offsets are written by build.mjs from plan/kernel-table.ts.)

/** The planner puts nothing below; before it lie constants, the control block (from 1024) and the table of roots. */
export const ARENA_START = 2048;
/** f64, up to 1024: what the kernels compute with, see elementary.ts. Written by the kernels themselves. */
export const CONSTANTS = 64;
/** i32 pairs [64][2]: the table behind the square root, see square-root.ts. Written by the planner. */
export const ROOT_TABLE = 1536;

// Control block: byte addresses. Words that threads spin on are alone on their cache lines, and the words that every
// record reads lie apart from those that are written during a command.
/** i32: incremented by the session's thread to start a command; helpers wait on it. */
export const C_EPOCH = 1024;
/** i32: arrivals at barriers since the session began, all threads together; wraps around. */
export const C_ARRIVED = 1088;
/** i32: helpers asleep on C_EPOCH; threads asleep on C_ARRIVED. */
export const C_EPOCH_SLEEPERS = 1152;
export const C_BARRIER_SLEEPERS = 1156;
/** i32: 1 = helpers leave their loop. */
export const C_EXIT = 1216;
export const C_THREADS = 1220;
/** i32: COMMAND_*. */
export const C_COMMAND = 1224;
/** i32: steps to take (train). */
export const C_STEPS = 1228;
/** u32: address of the data set descriptor to work on. */
export const C_DATASET = 1232;
/** u32: first record, and the end of the last one. */
export const C_RECORDS = 1236;
export const C_RECORDS_END = 1240;
/**
 * i32: the barrier (counted from the session's start) at which all threads leave the command, because a step's loss or
 * penalty is not finite and its update must not be made. A number and not a flag: all see it at the same place.
 */
export const C_STOP_AT = 1244;
/** u32: address of the mt19937 state. */
export const C_GENERATOR = 1252;
/** i32: steps taken before this command. */
export const C_FIRST_STEP = 1256;
/** u32: address of the optimizer block. */
export const C_OPTIMIZER = 1260;
/** i32: examples per block (a multiple of 4), and blocks per chunk at most. */
export const C_STRIDE = 1264;
export const C_BLOCKS = 1268;
/** i32: 1 = kernels compute all examples of a block, also those beyond the data's end (they repeat the last one). */
export const C_WHOLE = 1272;
/** i32: 1 = the command's last step measures its gradients. */
export const C_MEASURE = 1276;
/** u32: addresses of what a command's steps read and write, one element per step: f64 rates and momenta; f64 losses. */
export const C_RATES = 1280;
export const C_MOMENTA = 1284;
export const C_OUT_LOSS = 1288;
export const C_OUT_L1 = 1292;
export const C_OUT_L2 = 1296;
/** i32: steps taken by this command. */
export const C_ROWS = 1344;
/** f64: running sum of losses over the chunks; penalties of this step. */
export const C_SUM = 1352;
export const C_L1 = 1360;
export const C_L2 = 1368;
/** f32: what gradient clipping by norm multiplies every gradient with in this step. */
export const C_CLIP = 1376;
/** i32: 1 = steps compute gradients but change no parameter. */
export const C_FROZEN = 1380;

export const COMMAND_TRAIN = 1;
export const COMMAND_EVALUATE = 2;

// Data set descriptor: byte offsets.
export const D_X = 0; // u32 address, [rows][features] f32 or [rows][channels][pixels] u8
export const D_TARGET = 4; // u32 address, [rows][targets] f32 or [rows] i32; 0 = none
export const D_OUTPUT = 8; // u32 address, [rows][targets] f32, where outputs are copied; 0 = nowhere
export const D_ORDER = 12; // u32 address, i32 [rows]: the epoch's order; 0 = as they lie
export const D_ROWS = 16; // i32 examples
export const D_BATCH_SIZE = 20; // i32 examples per batch at most
export const D_POSITION = 24; // i32 first example of the next batch, in the epoch's order
export const D_FIRST = 28; // i32 first example of the present batch
export const D_BATCH = 32; // i32 examples of the present batch
export const D_SIZE = 48;

// Generator block: 624 u32 words of mt19937, then i32 index of the next word (624: a twist is due first).
export const G_INDEX = 2496;
/** i32 1 and f64: the second value of a Box-Muller pair that waits to be handed out. */
export const G_HAS_NORMAL = 2500;
export const G_NORMAL = 2504;
export const G_SIZE = 2512;

// Optimizer block: byte offsets. The f32 words from 128 on are what the update's inner loops read; the planner writes
// those of the recipe, beginOptimizerStep those that change with the step.
export const O_KIND = 0; // i32 OPTIMIZER_*
export const O_NESTEROV = 4; // i32
export const O_CENTERED = 8; // i32
export const O_LR = 16; // f64, of this step
export const O_BETA1 = 24; // f64
export const O_BETA2 = 32; // f64
export const O_LR_DECAY = 40; // f64
export const O_POWER1 = 48; // f64 beta1^t, state (with momentum that changes: the product of all betas so far)
export const O_POWER2 = 56; // f64 beta2^t, state
export const O_FLUSH = 64; // i32: 1 = this step flushes tiny state
export const O_MEASURE = 68; // i32: 1 = this step measures its gradients
export const O_WIDE = 72; // i32: 1 = 1 - beta1 is one half or more
export const O_CLIP_VALUE = 76; // f32: gradients are clipped to +- this; 0 = not
export const O_FIRST = 80; // i32: 1 = this is the run's first update
export const O_STEP_SIZE = 128; // f32 -lr/(1-beta1^t)
export const O_ROOT2 = 132; // f32 sqrt(1-beta2^t)
export const O_EPS = 136; // f32
export const O_WEIGHT1 = 140; // f32 1-beta1 (or 1-alpha)
export const O_WEIGHT2 = 144; // f32 1-beta2
export const O_BETA2_F = 148; // f32 beta2 (or alpha)
export const O_REST1 = 152; // f32 1-(1-beta1), both in f32
export const O_MOMENTUM = 156; // f32
export const O_UNDAMPED = 160; // f32 1-dampening
export const O_RATE = 164; // f32 -lr
/** Constants of square-root.ts, in memory because V8 builds a vector constant anew wherever it is used. */
export const O_EXPONENT = 168; // u32 0x7f800000
export const O_TIE = 172; // f32
export const O_SIZE = 192;
export const OPTIMIZER_SGD = 1;
export const OPTIMIZER_ADAM = 2;
export const OPTIMIZER_RMSPROP = 3;
export const OPTIMIZER_ADAGRAD = 4;

// Record: its header; operands (u32 addresses) and numbers follow at the offsets of build/records.ts.
export const R_OP = 0; // i32 code of the kernel
export const R_BYTES = 4; // i32 size of this record
export const R_BARRIER = 8; // i32: 1 = all threads meet before it
export const R_WHEN = 12; // i32 WHEN_*
export const R_SPLIT = 16; // i32 SPLIT_*
export const R_ROWS = 20; // i32 rows that threads share out among them
export const R_GRANULE = 24; // i32 rows that stay together
export const R_GROUP_BYTES = 28; // i32 size of the records from here on that run block by block together
export const R_HEADER = 32;
export const WHEN_ALWAYS = 0;
export const WHEN_FIRST_CHUNK = 1;
export const WHEN_LAST_CHUNK = 2;
/** Threads share the rows of all blocks. */
export const SPLIT_ROWS = 0;
/** Threads share the blocks of examples. */
export const SPLIT_BLOCKS = 1;
/** The first thread does it. */
export const SPLIT_ONE = 2;
