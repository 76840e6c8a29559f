// The few files of a tar archive that CIFAR-10 is made of, and nothing that could mean something else; refusals as EngineErrors.
import { EngineError } from '../../plan/engine-error.ts';
import type { NamedBytes } from '../files.ts';
import { tarEntries, wholeOf, type TarFault } from '../tar-stream.ts';

function worded(fault: TarFault): string {
  switch (fault.kind) {
    case 'cut_off':
      return 'is cut off';
    case 'damaged':
      return 'is damaged, or no tar archive';
    case 'bad_size':
      return 'names a size that is no octal number';
    case 'too_many':
      return `holds more than ${fault.limit} files`;
    case 'unsafe_path':
      return `holds the path "${fault.path}", which leads out of the archive`;
    case 'extension':
      return `uses an extension of tar (type "${fault.type}"): unpack it and choose the folder instead`;
    default:
      return fault satisfies never;
  }
}

/**
 * Takes some files out of an archive.
 * @param pieces the archive's bytes, as `gunzip` gives them; ended whatever happens.
 * @param wanted by file name, whatever folder they are in.
 * @param limitBytes of a wanted file; checked before memory is taken.
 * @throws EngineError BAD_DATA_FILE for what is damaged, cut off, too large, double, no plain file, or leads out of the archive.
 */
export async function readTar(
  archive: string,
  pieces: AsyncGenerator<Uint8Array>,
  wanted: ReadonlySet<string>,
  limitBytes: number,
): Promise<readonly NamedBytes[]> {
  const refuse = (what: string, details: Readonly<Record<string, number>> = {}): never => {
    throw new EngineError('BAD_DATA_FILE', `${archive}: ${what}`, { file: archive, ...details });
  };
  const found = new Map<string, Uint8Array>();
  for await (const { path, file, type, sizeBytes, body } of tarEntries(pieces, (fault) =>
    refuse(worded(fault), { offset: fault.offset }),
  )) {
    if (!wanted.has(file)) continue;
    if (type !== '0') refuse(`${path} is no plain file (type "${type}")`);
    if (found.has(file)) refuse(`holds ${file} twice`);
    if (sizeBytes > limitBytes) refuse(`${path} has ${sizeBytes} bytes, more than the ${limitBytes} of a batch`);
    found.set(file, await wholeOf(body, sizeBytes));
  }
  return [...found].map(([name, bytes]) => ({ name, bytes }));
}
