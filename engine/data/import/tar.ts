// The plain files of a tar archive that is imported; what is wrong with it as an ImportError.
import { tarEntries, type RefuseTar, type TarEntry } from '../tar-stream.ts';
import { ImportError } from './import-error.ts';
import { unsafePath } from './zip.ts';

const refusal =
  (archive: string): RefuseTar =>
  (fault) => {
    const bad = (reason: string): never => {
      throw new ImportError('BAD_FILE', archive, `byte ${fault.offset} of the unpacked archive: ${reason}`, {
        place: `unpacked byte ${fault.offset}`,
        reason,
      });
    };
    switch (fault.kind) {
      case 'cut_off':
        return bad('it is cut off');
      case 'damaged':
        return bad('is damaged, or no tar archive');
      case 'bad_size':
        return bad('names a size that is no octal number');
      case 'too_many':
        throw new ImportError('TOO_LARGE', archive, `has more than ${fault.limit} files`, {
          what: 'files',
          limit: fault.limit,
        });
      case 'unsafe_path':
        throw unsafePath(archive, fault.path);
      case 'extension':
        throw new ImportError(
          'UNSUPPORTED',
          archive,
          `uses an extension of tar (type "${fault.type}"): unpack it and choose the files instead`,
          { what: `tar type ${fault.type}` },
        );
      default:
        return fault satisfies never;
    }
  };

/**
 * The plain files of an archive, in order; folders, links and devices are passed over.
 * @param pieces unpacked; ended whatever happens.
 * @throws ImportError BAD_FILE, UNSUPPORTED, UNSAFE_PATH, TOO_LARGE.
 */
export async function* tarFiles(archive: string, pieces: AsyncGenerator<Uint8Array>): AsyncGenerator<TarEntry> {
  for await (const entry of tarEntries(pieces, refusal(archive))) if (entry.type === '0') yield entry;
}
