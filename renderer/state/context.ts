// How components reach the lab's state and the words of the reader's language, without globals.
import { getContext, setContext } from 'svelte';
import type { MessageKey, ParamsArgument } from '../messages/catalogue.ts';
import type { Translator } from '../messages/translator.ts';
import type { Lab } from './lab.svelte.ts';

const KEY = Symbol('lab');

export function provideLab(lab: Lab): void {
  setContext(KEY, lab);
}

export function useLab(): Lab {
  return getContext<Lab>(KEY);
}

export interface Words {
  /** A message; follows a change of language wherever it is read reactively. */
  readonly t: <K extends MessageKey>(key: K, ...params: ParamsArgument<K>) => string;
  readonly translator: Translator;
}

export function useWords(): Words {
  const { preferences } = useLab();
  return {
    t: (key, ...params) => preferences.translator.text(key, ...params),
    get translator() {
      return preferences.translator;
    },
  };
}
