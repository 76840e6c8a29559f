// What another project's file holds, so that parts of it can be taken: its data sets, and one of its documents at a time. Opened
// for each answer and closed again: the file may be gone or changed by the next one, and nobody has to remember to let go of it.
import type { ExperimentSpec } from '../../engine/spec/index.ts';
import { LabError } from '../contract/errors.ts';
import type { DocumentSource, OtherProject, RunSummary } from '../contract/shapes.ts';
import type { OtherFile, Projects } from './lab.types.ts';

interface Source {
  readonly shown: DocumentSource;
  readonly document: ExperimentSpec;
}

/** What the runs of one press with one seed were made from, the newest press first. */
function ofRuns(runs: readonly RunSummary[]): Source[] {
  const presses = Map.groupBy(runs, ({ pressId, seed }) => JSON.stringify([pressId, seed]));
  const sources = [...presses.values()].flatMap((press): Source[] => {
    const [first] = press.toSorted((a, b) => a.number - b.number);
    if (first === undefined) return [];
    const { id, createdAt, experiment, seed } = first;
    const numbers = press.map((x) => x.number).toSorted((a, b) => a - b);
    const document = { ...experiment, seed };
    return [{ shown: { kind: 'runs', id, name: experiment.name, numbers, createdAt }, document }];
  });
  const newest = ({ shown }: Source): number => (shown.kind === 'runs' ? (shown.numbers.at(-1) ?? 0) : 0);
  return sources.toSorted((a, b) => newest(b) - newest(a));
}

const sourcesOf = ({ file }: OtherFile): Source[] => [
  ...file.experiments().map(({ id, document }) => ({
    shown: { kind: 'experiment' as const, id, name: document.name },
    document,
  })),
  ...ofRuns(file.runs.list()),
];

/** @throws LabError as `project.look`. */
export function lookInto(projects: Pick<Projects, 'openOther'>, handle: string, wanted: string | null): OtherProject {
  const other = projects.openOther(handle);
  try {
    const { name, location, file } = other;
    const sources = sourcesOf(other);
    const chosen = wanted === null ? sources[0] : sources.find(({ shown }) => shown.id === wanted);
    if (chosen === undefined)
      throw new LabError('NOT_FOUND', `${name} holds no such experiment.`, { what: 'experiment', id: wanted ?? '' });
    return {
      name,
      location,
      newer: file.readOnly === 'newer_version',
      damage: [...file.damage],
      sources: sources.map(({ shown }) => shown),
      source: chosen.shown.id,
      document: chosen.document,
      datasets: file.datasets.list(),
    };
  } finally {
    other.file.close();
  }
}
