// The places of the window, one for each noun; each has the middle area to itself.
export const PLACES = ['data', 'model', 'experiment', 'runs'] as const;
export type Place = (typeof PLACES)[number];

/** Where a field of the document is edited. */
export function placeOfPath(path: string): Place {
  const [part] = path.split('.');
  return part === 'data' || part === 'model' ? part : 'experiment';
}
