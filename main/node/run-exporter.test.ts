import { expect, it } from 'vitest';
import { REFUSAL_CODES } from '../../engine/interop/index.ts';
import { EXPORT_REFUSALS } from '../contract/shapes.ts';

it('every reason for which an export is refused is one that the window has words for', () => {
  expect(EXPORT_REFUSALS).toEqual(REFUSAL_CODES);
});
