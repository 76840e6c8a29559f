// Where things lie in the arena: the one agreement between the planner (TypeScript) and the kernels (AssemblyScript).
// Plain constants without type annotations, so that both compilers read this very file.

/** The planner puts nothing below; before it lie the control block (from 1024) and the table of roots. */
export const ARENA_START = 2048;
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
/** u32 address and i32 count of the records to run for each chunk. */
export const C_RECORDS = 1236;
export const C_RECORD_COUNT = 1240;
/**
 * i32: the barrier (counted from the session's start) at which all threads leave the command, because a step's loss or
 * penalty is not finite and its update must not be made. A number and not a flag: all see it at the same place.
 */
export const C_STOP_AT = 1244;
/** i32: steps taken by this command. */
export const C_ROWS = 1304;
/** u32: address of the mt19937 state. */
export const C_GENERATOR = 1252;
/** u32: address of the optimizer block. */
export const C_OPTIMIZER = 1264;
/** i32: steps taken before this command. */
export const C_FIRST_STEP = 1260;
/** u32: addresses of the rows written by training steps, f64 each. */
export const C_OUT_LOSS = 1268;
export const C_OUT_L1 = 1272;
export const C_OUT_L2 = 1276;
/** f64: running sum of squared errors over the chunks; penalties of this step. */
export const C_SUM = 1280;
export const C_L1 = 1288;
export const C_L2 = 1296;

export const COMMAND_TRAIN = 1;
export const COMMAND_EVALUATE = 2;

// Data set descriptor: byte offsets.
export const D_X = 0; // u32 address, chunks of [features][stride] f32
export const D_TARGET = 4; // u32 address, same form; 0 = none
export const D_OUTPUT = 8; // u32 address, where outputs are copied; 0 = nowhere
export const D_ROWS = 12; // i32 examples
export const D_CHUNK = 16; // i32 examples per chunk
export const D_STRIDE = 20; // i32 floats between feature rows, a multiple of 4, >= chunk
export const D_CHUNKS = 24; // i32
export const D_FEATURES = 28; // i32 input features
export const D_TARGETS = 32; // i32 target features
export const D_SIZE = 48;

// Generator block: 624 u32 words of mt19937, then i32 index of the next word (624: a twist is due first).
export const G_INDEX = 2496;
export const G_SIZE = 2512;

// Optimizer block: byte offsets.
export const O_KIND = 0; // i32 OPTIMIZER_*
export const O_NESTEROV = 4; // i32
export const O_LR = 8; // f64
export const O_WEIGHT_DECAY = 16; // f64
export const O_MOMENTUM = 24; // f64
export const O_BETA1 = 32; // f64
export const O_BETA2 = 40; // f64
export const O_EPS = 48; // f64
export const O_POWER1 = 56; // f64 beta1^t, state
export const O_POWER2 = 64; // f64 beta2^t, state
export const O_STEP_SIZE = 72; // f32 -lr/(1-beta1^t), of this step
export const O_ROOT2 = 76; // f32 sqrt(1-beta2^t), of this step
export const O_FLUSH = 80; // i32: 1 = this step flushes tiny state
export const O_SIZE = 84;
export const OPTIMIZER_SGD = 1;
export const OPTIMIZER_ADAM = 2;

// Record: 128 bytes; byte offsets of its fields.
export const R_SIZE = 128;
export const R_OP = 0; // i32 OP_*
export const R_BARRIER = 4; // i32: 1 = all threads meet before it
export const R_ROWS = 8; // i32 rows that threads share out among them
export const R_X = 12;
export const R_Y = 16;
export const R_DY = 20;
export const R_DX = 24;
export const R_W = 28;
export const R_B = 32;
export const R_GW = 36;
export const R_GB = 40;
export const R_XT = 44;
export const R_MASK = 48;
export const R_IN = 52; // i32 input features
export const R_IN_STRIDE = 56; // i32 floats between rows of a weight or a transposed input
export const R_X_IS_DATA = 60; // i32: 1 = x is the data set's chunk
export const R_M_W = 64; // first and second optimizer state of weight and bias
export const R_V_W = 68;
export const R_M_B = 72;
export const R_V_B = 76;
export const R_KEPT = 80; // u32 address of the step's draws, u8 [examples][features], 255 = kept
export const R_SCALE = 84; // f32 1/(1-p), the value of a kept unit in the mask
export const R_KEEP_HIGH = 88; // u32 words of ceil((1-p)*2^53)
export const R_KEEP_LOW = 92;
export const R_L1_W = 96; // f32 lambda of the L1 gradient for the weight, and bias
export const R_L1_B = 100;
export const R_L2_W = 104; // f32 factor of w in the L2 gradient (2*lambda or lambda)
export const R_L2_B = 108;
export const R_SUMS = 112; // u32 address, f64 pairs per row: sum|w|, sum w^2
export const R_FACTOR1 = 112; // (mse) f32 2/N
export const R_P1 = 64; // (penalty total) f64 lambda1 and f64 factor of sum w^2
export const R_P2 = 72;

export const OP_LINEAR_FORWARD = 1;
export const OP_LINEAR_GRAD_INPUT = 2;
export const OP_LINEAR_GRAD_WEIGHT = 3;
export const OP_TRANSPOSE = 4;
export const OP_RELU_FORWARD = 5;
export const OP_RELU_BACKWARD = 6;
export const OP_TANH_FORWARD = 7;
export const OP_TANH_BACKWARD = 8;
export const OP_SIGMOID_FORWARD = 9;
export const OP_SIGMOID_BACKWARD = 10;
export const OP_DROPOUT_FORWARD = 11;
export const OP_DROPOUT_BACKWARD = 12;
export const OP_MSE_FORWARD = 13;
export const OP_MSE_BACKWARD = 14;
export const OP_PENALTY_ROWS = 15;
export const OP_PENALTY_TOTAL = 16;
