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
  overfit export FILE [options]        write a run for other programs
  overfit parity [FILE] [--live]       hold the numbers against PyTorch's
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
                     or with --seed, --seeds, --steps, --epochs or --weights, its
                     experiment is run again. The runs are stored in the file, or in a
                     copy when --out is given.

Options
  --variant NAME     only this variant; may be given several times (default: all)
  --seed N           seed instead of the experiment's, 0 to 9007199254740991
  --seeds A,B,… | N  every variant with each of these seeds, or with N of them from the
                     experiment's on; prints means with 95 % intervals as well
  --steps N          updates instead of the experiment's length, 1 to 10000000
  --epochs N         passes over the train data instead of it, 1 to 10000000
  --data DIR|FILE    folder or archive (.tar.gz) of CIFAR-10's binary version, for
                     experiments on pictures; takes the place of shapes32
  --weights FILE     start from these values (.safetensors or .onnx) instead of drawn ones
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
  {"experiment","device","threads","runs":[{"variant","seed","status","steps",
   "totalSteps","durationMs","dataDigest","final":E,"best":E,"failure",
   "events":[{"step","path","value"}],
   "curve":{"step":[],"trainLoss":[],"penaltyL1":[],"penaltyL2":[],"lr":[]},
   "evaluations":[E and {"confusion":[[]],
     "parameters":[{"name","norm","gradientNorm","zeros"}]}],
   "fit":{"step","axes":[{"low","high","points"}],"values":[],"classes":[]}}],
   "overSeeds":[{"variant","n","leftOut","scores":{"test_loss":{"mean","half95"}}}]}
  E: {"step","train":S,"validation":S,"test":S}, in evaluation mode after that step.
  S: {"loss","accuracy","top5","mae","r2"}; null for a split or score that is not there.
  curve: one entry per step: training-mode data loss and penalties before that update,
  and its learning rate. final: the latest evaluation. best: the one with the lowest
  validation loss. events: changes made while it went on. confusion: [true][predicted].
  fit: what the model answers over the range of one or two features at the latest
  evaluation, else null: values at evenly spaced points, the first axis running fastest;
  of classes, the predicted ones, and in values their probabilities.
  overSeeds: of several seeds, over the runs that finished (Student's t).
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
  export: `Usage
  overfit export FILE.overfit [--run N] [--format F] --out OUT [--best]

Options
  --run N        number of the run, see \`overfit show FILE\` (default: the only one; csv: all)
  --format F     pytorch   the experiment as a script for PyTorch, with the same numbers
                 numpy     the same in NumPy alone
                 onnx      the trained network
                 safetensors   the trained values
                 csv       every number of every step and evaluation
                 (default: from the ending of OUT, where that says it)
  --out OUT      the file to write; an existing one is not replaced. A script's pictures
                 are written beside it.
  --best         trained values of the best step on validation data instead of the last
`,
  parity: `Usage
  overfit parity [file.overfit] [--live] [--json]

Holds the numbers of this program against recorded ones of PyTorch: random draws, every
layer, loss and optimizer, whole runs. Prints the largest differences and the bounds: the
parity certificate. A project that is named keeps it, in the place of an older one.

Options
  --live     repeats the comparison with a PyTorch of this machine as well, and runs
             exported scripts, ONNX and safetensors files with the programs that they
             are for. Takes minutes; needs a clone of the source code and a Python with
             torch 2.13 (OVERFIT_PYTHON, python3 or python)
  --json     print the certificate as one JSON document on stdout and nothing else

Exit codes
  0  everything holds; or, with --live, there is no such Python: then it says "not run"
     and nothing was compared
  1  a bound does not hold
  130  stopped with Ctrl-C
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

  notBoth: (one: string, other: string) => `${one} and ${other} cannot be given together.`,
  seedTwice: (seed: number) => `--seeds names ${seed} twice.`,
  tooManySeeds: (most: number) => `--seeds takes at most ${most} seeds.`,
  badFormat: (given: string, known: readonly string[]) =>
    `--format must be one of ${known.join(', ')}, but is "${given}".`,
  missingFormat: (known: readonly string[]) => `say in which format: --format ${known.join('|')}.`,
  missingOut: (format: string) => `say where the ${format} file goes: --out FILE.`,
  badExportName: (format: string, ending: string, given: string) =>
    `--out must name a file that ends in ${ending} for ${format}, but is "${given}".`,

  noPictures: (name: string) => `--data is for experiments on pictures, and "${name}" is not one. Leave it out.`,
  noSuchData: (path: string) => `there is no folder or file ${path} (--data).`,
  dataMissing: 'the pictures of this experiment lie in files: say where with --data DIR or --data FILE.tar.gz.',
  datasetMissing: (name: string) =>
    `the data set "${name}" is not in this project: run it in the project that holds it.`,
  badData: (reason: string) => `the data cannot be used (--data): ${reason}.`,
  usingData: (path: string, validation: number) =>
    `the pictures of ${path} take the place of shapes32: all of them for training and testing` +
    `${validation > 0 ? `, ${validation.toLocaleString('en')} held out for validation` : ''}.`,
  parityNotAvailable: 'this build has no recorded numbers to compare with.',
  noRuns: (file: string) => `${file} holds no runs.`,
  noSuchRun: (file: string, number: number, known: readonly number[]) =>
    `${file} has no run ${number}. There are: ${known.join(', ')}.`,
  whichRun: (file: string) => `${file} holds several runs; say which with --run:`,
  runLine: (number: number, variant: string, seed: number, status: string) =>
    `  ${number}  ${variant}, seed ${seed}, ${status}`,
  exists: (file: string) => `${file} exists already. Choose another name.`,
  exported: (names: readonly string[]) => `written: ${names.join(', ')}.`,

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
  stopped: (at: readonly { readonly variant: string; readonly step: number; readonly total: number | null }[]) =>
    `stopped: ${at
      .map(
        ({ variant, step, total }) => `${variant} at step ${steps(step)}${total === null ? '' : ` of ${steps(total)}`}`,
      )
      .join(', ')}.`,
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
  progressUnknown: (done: number) => `${steps(done)} steps`,
  timeLeft: (text: string) => `${text} left`,
  estimating: 'estimating',

  device: (kind: string, threads: number, simd: string) => `${kind}, ${count(threads, 'thread')} per run, ${simd} SIMD`,
  results: {
    variant: 'variant',
    seed: 'seed',
    status: 'status',
    steps: 'steps',
    score: {
      train: { loss: 'train loss', accuracy: 'train acc' },
      validation: { loss: 'validation loss', accuracy: 'validation acc' },
      test: { loss: 'test loss', accuracy: 'test acc' },
    },
    bestStep: 'best step',
    time: 'time',
  },
  overSeeds: 'Over seeds: mean ± half of the 95 % interval (Student’s t), of runs that finished',
  leftOut: (n: number) => `${count(n, 'run')} did not finish and ${n === 1 ? 'is' : 'are'} left out.`,
  parity: {
    heading: (reference: string, live: boolean) =>
      `${reference}${live ? ', recorded and of this machine' : ', recorded'}`,
    group: 'group',
    what: 'what',
    values: 'values',
    largest: 'largest',
    bound: 'bound',
    verdict: 'holds',
    yes: 'yes',
    no: 'NO',
    passed: (n: number) => `all ${count(n, 'comparison')} hold.`,
    notRun: (why: string) => `parity: not run. ${why}`,
    note: (names: readonly string[], note: string) => `${names.join('; ')}: ${note}.`,
    wrong: (group: string, name: string, where: string) =>
      `${group}, ${name}: ${where === '' ? 'nothing was compared' : `the largest is ${where}`}.`,
    progress: (done: number, total: number, current: string) => `${done}/${total} ${current}`,
    kept: (file: string) => `the certificate is kept in ${file}.`,
    failed: (wrong: number, n: number) =>
      `${wrong} of ${count(n, 'comparison')} ${wrong === 1 ? 'does' : 'do'} not hold.`,
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
    dataset: (name: string) => `data set "${name}": is not the one that was imported (its digest differs)`,
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
    train_eval_loss: 'the evaluated train loss',
    validation_loss: 'the validation loss',
    test_loss: 'the test loss',
    output: 'an output',
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
