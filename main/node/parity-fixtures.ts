// PyTorch's recorded numbers, as files: they are shipped with the program and read when a comparison asks for them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Fixture } from '../../engine/parity/fixture.ts';

/** Seen from the source tree, from the bundle and from the packaged app. */
export const FIXTURES = fileURLToPath(new URL('../../assets/parity/', import.meta.url));

/** @param folder absolute path, ends with a separator; another one holds what was recorded just now. */
export function readFixture<Case>(name: string, folder = FIXTURES): Fixture<Case> {
  return JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Fixture<Case>;
}
