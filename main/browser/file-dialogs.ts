// A page has no native dialogs: the window shows its own chooser over `folder.list`.
import { LabError } from '../contract/errors.ts';
import type { FileDialogs } from '../services/ports.ts';

const refuse = (): Promise<never> => Promise.reject(new LabError('FORBIDDEN', 'there are no native dialogs here'));

export const inPageDialogs: FileDialogs = { kind: 'in-page', chooseOpen: refuse, chooseSave: refuse };
