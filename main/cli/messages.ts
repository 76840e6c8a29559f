// Everything that the command line says, in one place. English only: scripts read it, and so do bug reports.
const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const steps = (n: number): string => n.toLocaleString('en');

export const HELP = {
  main: `Overfit Lab: see and measure what L1, L2 and Dropout do to a neural network.

Usage
  overfit list                         the bundled examples
  overfit run <what> [options]         train an example, an experiment or a project
  overfit show FILE [--json]           what a project file holds
  overfit check FILE                   verify a project file
  overfit help [command]               this text, or a command's own
  overfit --version

Exit codes
  0  done
  1  a run failed: its numbers diverged, or the engine ended
  2  bad usage or input
  130  stopped with Ctrl-C, after saving
`,
  list: `Usage
  overfit list

Names the bundled examples with a line about each. Run one with \`overfit run NAME\`.
`,
  run: `Usage
  overfit run <example | file.overfit | experiment.json> [options]

What is run
  example            a bundled example by name, see \`overfit list\`
  experiment.json    an experiment document (schema: engine/spec/experiment.schema.json)
  file.overfit       a project: unfinished runs in it are continued; when there are none,
                     or with --seed or --steps, its experiment is run again. The runs are
                     stored in the file, or in a copy when --out is given.

Options
  --variant NAME     only this variant; may be given several times (default: all)
  --seed N           seed instead of the experiment's, 0 to 9007199254740991
  --steps N          updates instead of the experiment's, 1 to 10000000
  --threads N        threads per run, 1 to 64 (default 1; variants train side by side anyway).
                     The results are the same bits for every N.
  --device auto|cpu  where to compute (default auto)
  --out FILE         keep everything in a new project file, named *.overfit. Without it
                     nothing is left behind (except in the project that was given).
  --json             print one JSON document on stdout and nothing else
  --quiet            no progress bar and no remarks on stderr

Ctrl-C stops the runs, saves them, says how to continue and exits with 130; a second
Ctrl-C ends at once.

JSON
  {"experiment","device","threads","runs":[{"variant","seed","status","steps","durationMs",
   "final":{"trainLoss","testLoss"},"failure",
   "curve":{"step":[],"trainLoss":[],"trainEvalLoss":[],"testLoss":[]}}]}
  One curve entry per step. trainLoss: training-mode data loss before that update.
  trainEvalLoss, testLoss: eval-mode losses after it, null where it was not evaluated.
  final: eval-mode losses after the last update.
`,
  show: `Usage
  overfit show FILE [--json]

Lists the experiments and runs of a project file. The file is only read, even while it is
open elsewhere.
`,
  check: `Usage
  overfit check FILE

Reads a project file wholly and says whether it is sound. The file is only read.
Exit code 2 when something is wrong; every problem is named.
`,
} as const;
export type HelpTopic = keyof typeof HELP;

export const say = {
  hint: (topic: HelpTopic) => (topic === 'main' ? 'See `overfit --help`.' : `See \`overfit help ${topic}\`.`),
  noCommand: 'no command was given.',
  unknownCommand: (name: string) => `there is no command "${name}".`,
  unknownTopic: (name: string) => `there is no help on "${name}".`,
  unknownOption: (name: string) => `there is no option ${name}.`,
  missingValue: (option: string) => `${option} needs a value.`,
  needsNoValue: (option: string) => `${option} takes no value.`,
  missingTarget: 'say what to run: an example, a project or an experiment.',
  missingFile: 'name the project file.',
  tooMany: (extra: string) => `"${extra}" is one argument too many.`,
  emptyVariant: '--variant needs a name.',
  badInteger: (option: string, low: number, high: number, received: string) =>
    `${option} must be a whole number from ${low} to ${high}, but is "${received}".`,
  badDevice: (received: string) => `--device must be auto or cpu, but is "${received}".`,
  badOut: (received: string) => `--out must name a file that ends in .overfit, but is "${received}".`,

  noSuchTarget: (what: string, examples: readonly string[]) =>
    `there is neither a file nor an example called "${what}". Examples: ${examples.join(', ')}.`,
  noSuchFile: (file: string) => `there is no file ${file}.`,
  isFolder: (file: string) => `${file} is a folder, not a file.`,
  cannotRead: (file: string, reason: string) => `${file} cannot be read (${reason}).`,
  tooLarge: (file: string, limitMb: number) => `${file} is larger than ${limitMb} MB, which no experiment is.`,
  badDocument: (file: string, n: number) => `${file} cannot be used, because of ${count(n, 'problem')}:`,
  problem: (path: string, message: string) => `  ${path === '' ? 'the document' : path}: ${message}`,
  unknownVariant: (name: string, known: readonly string[]) =>
    `there is no variant "${name}". There are: ${known.join(', ')}.`,
  nothingToRun: (file: string) => `${file} holds no experiment to run.`,
  firstExperiment: (name: string, n: number) => `the file holds ${n} experiments; running the first, "${name}".`,
  fileExists: (file: string) =>
    `${file} exists already. Choose another name, or continue it with \`overfit run ${quoted(file)}\`.`,
  inUse: (file: string) => `${file} is open elsewhere. Close it there, or run on a copy with --out ANOTHER.overfit.`,
  readOnly: (file: string, reason: string) => `${file} cannot be written (${reason}). Run on a copy with --out.`,
  reasons: {
    in_use: 'it is open elsewhere',
    newer_version: 'a newer Overfit Lab made it',
    no_permission: 'the file or its folder is write-protected',
    damaged: 'it is damaged',
  },

  continuing: (n: number, variants: readonly string[]) =>
    `continuing ${count(n, 'unfinished run')}: ${variants.join(', ')}.`,
  stopping: (saving: boolean) => `stopping${saving ? ' and saving' : ''} (Ctrl-C again ends at once).`,
  stopped: (at: readonly { readonly variant: string; readonly step: number; readonly total: number }[]) =>
    `stopped: ${at.map((x) => `${x.variant} at step ${steps(x.step)} of ${steps(x.total)}`).join(', ')}.`,
  resumeWith: (file: string) => `Saved. Continue with \`overfit run ${quoted(file)}\`.`,
  notKept: 'Nothing was kept; --out FILE.overfit would have kept the runs so that they can be continued.',
  diverged: (variant: string, seed: number, step: number, quantity: string, parameter: string | null) =>
    `${variant} (seed ${seed}) diverged at step ${steps(step)}: ${quantityName(quantity, parameter)} is no longer a finite number. ` +
    'Try a smaller learning rate or a smaller λ.',
  interrupted: (variant: string, step: number) =>
    `${variant}: the engine ended unexpectedly; everything up to step ${steps(step)} is recorded.`,
  keptSoFar: (file: string) =>
    `What was stored until then is kept. Continue with \`overfit run ${quoted(file)}\` when the cause is gone.`,
  savedIn: (file: string) => `saved in ${file}.`,

  progress: (percent: number, done: number, total: number, left: string) =>
    `${String(percent).padStart(3)} %  ${steps(done)} of ${steps(total)} steps  ${left}`,
  timeLeft: (text: string) => `${text} left`,
  estimating: 'estimating',

  device: (kind: string, threads: number, simd: string) => `${kind}, ${count(threads, 'thread')} per run, ${simd} SIMD`,
  results: {
    variant: 'variant',
    seed: 'seed',
    status: 'status',
    steps: 'steps',
    trainLoss: 'train loss',
    testLoss: 'test loss',
    time: 'time',
  },
  show: {
    title: (file: string, experiments: number, runs: number) =>
      `${file}: ${count(experiments, 'experiment')}, ${count(runs, 'run')}`,
    readOnly: (reason: string) => `read-only here: ${reason}`,
    damage: (what: string) => `damaged: ${what}`,
    experiment: (name: string, revision: number) => `${name} (revision ${revision})`,
    variants: (names: readonly string[]) => `variants: ${names.join(', ')}`,
    run: 'run',
    experimentColumn: 'experiment',
    created: 'created',
    noRuns: 'No runs yet.',
    resumable: (file: string, n: number) => `${count(n, 'run')} can be continued with \`overfit run ${quoted(file)}\`.`,
  },
  check: {
    sound: (file: string, experiments: number, runs: number) =>
      `${file}: sound (${count(experiments, 'experiment')}, ${count(runs, 'run')}).`,
    problems: (file: string, n: number) => `${file}: ${count(n, 'problem')}`,
    newer: (version: number) =>
      `written by a newer Overfit Lab (format ${version}); only what this one knows was read. Update to check it wholly.`,
    whatToDo: 'The file was not changed. What can be read of it opens in the app; save that under a new name.',
    run: (number: number, message: string) => `run ${number}: ${message}`,
  },
  internal: (message: string) => `this should not have happened: ${message}`,
} as const;

function quantityName(quantity: string, parameter: string | null): string {
  const names: Readonly<Record<string, string>> = {
    train_loss: 'the train loss',
    test_loss: 'the test loss',
    penalty_l1: 'the L1 penalty',
    penalty_l2: 'the L2 penalty',
    gradient: 'the gradient',
    parameter: 'the parameter',
  };
  const named = Object.hasOwn(names, quantity) ? (names[quantity] as string) : quantity;
  return `${named} (${quantity}${parameter === null ? '' : ` of ${parameter}`})`;
}

/** A file name as a shell takes it. */
function quoted(file: string): string {
  return /^[\w./\\:@%+=-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
}
